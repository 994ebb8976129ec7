"""Where the examples of Basecamp's payloads are: in tests/examples, or where BASECAMP_EXAMPLES says.

Those of the repository have the documented shapes and ids, and values of their own. The vendor's, cut out of the pages
of basecamp/bc-api into one file an example, can take their place: the same tests then hold for them.
"""

import os
from pathlib import Path

from tests.connectors import ROOT

FOLDER = Path(os.environ.get("BASECAMP_EXAMPLES", ROOT / "tests" / "examples" / "basecamp"))
