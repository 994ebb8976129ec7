"""Asks the vendor's own Python client, and prints what it found as JSON.

    python -I vendor_client.py ORIGIN ACCOUNT TOKEN CODE

CODE is an expression over `account`, the client with its account chosen. A process of its own is needed
because the package is called `basecamp`, as the connector's folder is.
"""

import asyncio
import json
import sys
from typing import Any

from basecamp import AsyncClient, BasecampError, Client, Config

AGENT = "Sandbox tests (tests@example.org)"


def main(origin: str, account_id: str, token: str, code: str) -> None:
    config = Config(base_url=origin, max_retries=0)
    try:
        if code.startswith("await "):
            print(json.dumps(asyncio.run(asynchronously(config, account_id, token, code.removeprefix("await ")))))
            return
        with Client(config=config, access_token=token, user_agent=AGENT) as client:
            print(json.dumps(eval(code, {"account": client.for_account(account_id)})))
    except BasecampError as error:
        print(json.dumps({"error": type(error).__name__}))


async def asynchronously(config: Config, account_id: str, token: str, code: str) -> Any:
    async with AsyncClient(config=config, access_token=token, user_agent=AGENT) as client:
        return await eval(code, {"account": client.for_account(account_id)})


if __name__ == "__main__":
    main(*sys.argv[1:])
