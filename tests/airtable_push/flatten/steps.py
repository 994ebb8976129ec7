"""Runs dbt several times in one process of the job's environment, which reads its modules only once.

Standard input is a JSON list of command lines; standard output is one JSON list, each the statuses by node.
"""

import json
import sys

from dbt.cli.main import dbtRunner

answers = []
for command in json.load(sys.stdin):
    result = dbtRunner().invoke(command)
    if result.result is None:
        answers.append({"": str(result.exception)})
    else:
        answers.append({one.node.unique_id: str(one.status) for one in result.result.results})
json.dump(answers, sys.stdout)
