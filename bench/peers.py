"""`python -m bench.peers dlt|Airbyte ORIGIN COUNT`: the people of `bench.people`, read by other engines.

It runs in an environment of its own (README.md), which has nothing of the project's. What is printed, as JSON, is the
CPU seconds and the peak of memory of this process; without arguments, the engines that there are.

dlt      extracts and normalises them, to typed rows in files, with a table for each list; nothing is loaded
Airbyte  reads them by a declared source, to one untyped record each, as text
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.apart import peak_megabytes

PAGE_SIZE = 200


def main() -> int:
    if not sys.argv[1:]:
        print(json.dumps([name for name, (module, _) in ENGINES.items() if find_spec(module)]))
        return 0
    engine, origin, count = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DLT_DATA_DIR": folder, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
        seconds, people = ENGINES[engine][1](origin, Path(folder))
    assert people == int(count), people
    print(json.dumps({"seconds": seconds, "peak": peak_megabytes()}))
    return 0


def by_dlt(origin: str, folder: Path) -> tuple[float, int]:
    """CPU seconds, and how many people came."""
    import dlt
    from dlt.sources.helpers.rest_client import RESTClient
    from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator

    pages = PageNumberPaginator(base_page=1, page_body_path="page_number", total_path=None)
    client = RESTClient(origin, paginator=pages)

    @dlt.resource(name="person", primary_key="id", write_disposition="merge")
    def people() -> Iterator[Any]:
        yield from client.paginate("/people/search", method="POST", json={"page_size": PAGE_SIZE})

    destination = dlt.destinations.filesystem(str(folder / "out"))
    pipeline = dlt.pipeline("people", destination=destination, dataset_name="copper", pipelines_dir=str(folder))
    began = time.process_time()
    pipeline.extract(people())
    pipeline.normalize()
    seconds = time.process_time() - began
    return seconds, pipeline.last_trace.last_normalize_info.row_counts["person"]


def by_airbyte(origin: str, folder: Path) -> tuple[float, int]:
    """CPU seconds, and how many people came."""
    from airbyte_cdk.entrypoint import AirbyteEntrypoint
    from airbyte_cdk.models import ConfiguredAirbyteCatalogSerializer
    from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

    stream = {"name": "person", "json_schema": {}, "supported_sync_modes": ["full_refresh"]}
    chosen = {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
    catalog = {"streams": [chosen]}
    source = ConcurrentDeclarativeSource(
        catalog=ConfiguredAirbyteCatalogSerializer.load(catalog), config={}, state=None, source_config=declared(origin)
    )
    (folder / "config.json").write_text("{}")
    (folder / "catalog.json").write_text(json.dumps(catalog))
    files = ["--config", str(folder / "config.json"), "--catalog", str(folder / "catalog.json")]
    began, people = time.process_time(), 0
    for message in AirbyteEntrypoint(source).run(AirbyteEntrypoint.parse_args(["read", *files])):
        people += message.startswith('{"type":"RECORD"')
    return time.process_time() - began, people


def declared(origin: str) -> dict[str, Any]:
    """The source, in Airbyte's language for them."""
    number = {"type": "RequestOption", "inject_into": "body_json", "field_name": "page_number"}
    size = {"type": "RequestOption", "inject_into": "body_json", "field_name": "page_size"}
    retriever = {
        "type": "SimpleRetriever",
        "requester": {"type": "HttpRequester", "url_base": origin, "path": "/people/search", "http_method": "POST"},
        "record_selector": {"type": "RecordSelector", "extractor": {"type": "DpathExtractor", "field_path": []}},
        "paginator": {
            "type": "DefaultPaginator",
            "page_token_option": number,
            "page_size_option": size,
            "pagination_strategy": {
                "type": "PageIncrement",
                "page_size": PAGE_SIZE,
                "start_from_page": 1,
                "inject_on_first_request": True,
            },
        },
    }
    schema = {"type": "InlineSchemaLoader", "schema": {"type": "object", "properties": {}}}
    stream = {"type": "DeclarativeStream", "name": "person", "schema_loader": schema, "retriever": retriever}
    return {
        "version": "6.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["person"]},
        "streams": [stream],
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
    }


ENGINES = {"dlt": ("dlt", by_dlt), "Airbyte": ("airbyte_cdk", by_airbyte)}

if __name__ == "__main__":
    sys.exit(main())
