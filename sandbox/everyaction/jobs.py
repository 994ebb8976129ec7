"""Export jobs: asked for, waited for, and fetched from another host. everyaction.md 5."""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sandbox.everyaction.answers import failed, invalid, missing
from sandbox.everyaction.database import Database
from sandbox.everyaction.exports import RESOURCES
from sandbox.everyaction.options import LIFE_SECONDS, Options
from sandbox.everyaction.times import DAY, eastern, moment_of, utc
from sandbox.routes import Call
from sandbox.web import Answer, Request, text_answer

OLDEST = 90 * DAY
KILOBYTES = (1_000, 100_000, 40_000)
"""Of a file: the least, the most, and what is taken without the parameter."""
ACCEPTED = """
    resourceType dateChangedFrom dateChangedTo requestedFields requestedCustomFieldIds requestedIds includeInactive
    fileSizeKbLimit excludeChangesFromSelf contactMode
""".split()
TRUTHS = ("includeInactive", "excludeChangesFromSelf")
DENIED = "<?xml version='1.0'?><Error><Code>AuthenticationFailed</Code><Message>{}</Message></Error>"


@dataclass
class Job:
    """`asked` is what was accepted; of a saved list, its id. Moments in seconds; `files`, each its lines, are there
    once it was run."""

    number: int
    asked: dict[str, Any]
    begun: float
    in_process: float
    due: float
    failing: bool
    files: list[list[bytes]] | None = None
    count: int = 0

    @property
    def of_list(self) -> bool:
        return "savedListId" in self.asked

    def status(self, now: float) -> str:
        if self.files is not None or now >= self.due:
            return "Error" if self.files is None else "Complete"
        return "InProcess" if now >= self.in_process else "Pending"


class Jobs:
    """The jobs of one key, and the host of their files."""

    def __init__(self, store: Database, options: Callable[[], Options], seed: int) -> None:
        self.known: dict[int, Job] = {}
        self._store, self._options, self._seed = store, options, seed

    def settle(self, now: float) -> None:
        """Run what is due, and forget what is old."""
        for job in list(self.known.values()):
            if now >= job.begun + LIFE_SECONDS:
                del self.known[job.number]
            elif now >= job.due and job.files is None and not job.failing:
                self._run(job)

    def start(self, asked: dict[str, Any], now: float) -> Job:
        """A new job, unless another one still runs."""
        options = self._options()
        if options.one_job and any(job.due > now for job in self.known.values()):
            failed(429, "RATE_LIMIT_EXCEEDED", "Another export job is running.")
        number = self._store.number("job", 9_001)
        pending, processing = options.job_seconds[number % len(options.job_seconds)]
        failing = asked.get("resourceType") in options.failing
        if failing:
            options.failing.remove(asked["resourceType"])
        self.known[number] = Job(number, asked, now, now + pending, now + pending + processing, failing)
        return self.known[number]

    def find(self, number: int, of_list: bool) -> Job:
        job = self.known.get(number)
        if job is None or job.of_list != of_list:
            missing("export job")
        return job

    def links(self, job: Job, host: str, now: float) -> list[dict[str, str]]:
        """Addresses that open the files until they expire: others at each asking."""
        options = self._options()
        expires = int(min(now + options.link_seconds, job.begun + LIFE_SECONDS))
        paths = [f"/exports/{job.number}-{place}.csv" for place in range(1, len(job.files or ()) + 1)]
        signed = [f"{host}{path}?se={expires}&sig={self._signature(path, str(expires))}" for path in paths]
        return [{"downloadUrl": address, "dateExpired": eastern(expires)} for address in signed]

    def fetch(self, request: Request, now: float) -> Answer:
        """A file, to whoever has its address and shows nothing else."""
        expires = request.query.get("se", "0")
        if request.header("Authorization"):
            return _denied(400, "Authorization is not in the correct format.")
        if request.query.get("sig") != self._signature(request.path, expires) or int(expires) <= now:
            return _denied(403, "Signature not valid in the specified time frame.")
        number, place = map(int, request.path.removeprefix("/exports/").removesuffix(".csv").split("-"))
        job = self.known.get(number)
        if job is None or job.files is None:
            return _denied(404, "The specified blob does not exist.")
        return self._sent(job.files[place - 1])

    def _run(self, job: Job) -> None:
        """Write the files, as they are at this moment."""
        options = self._options()
        of_list = [["VanID"], *([str(id)] for id in members(self._store, job.asked.get("savedListId", 0)))]
        rows = of_list if job.of_list else RESOURCES[job.asked["resourceType"]].rows(self._store, job.asked)
        header, *lines = map(self._line, rows)
        limit = job.asked.get("fileSizeKbLimit", KILOBYTES[2]) * options.kilobyte
        again = options.header_again[job.number % len(options.header_again)]
        files, size = [[header]] if options.empty_file or job.of_list else list[list[bytes]](), 0.0
        for line in lines:
            if not files or size + len(line) > limit:
                files.append([header] if again or not files else [])
                size = 0
            files[-1].append(line)
            size += len(line)
        job.files, job.count = files, len(lines)

    def _line(self, values: Sequence[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self._options().delimiter, lineterminator=self._options().line_end).writerow(values)
        return text.getvalue().encode()

    def _sent(self, lines: list[bytes]) -> Answer:
        """A file, or what comes of it where it breaks off."""
        options, half = self._options(), len(lines) // 2
        how = options.cuts.pop(0) if options.cuts else ""
        kept = lines if how in ("", "length") else lines[:half]
        torn = lines[half][: len(lines[half]) // 2] if how == "field" else b""
        body = b"".join(["\ufeff".encode() if options.byte_order_mark else b"", *kept, torn])
        headers = {"Content-Type": "text/csv"}
        if options.gzipped:
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        if how == "length":
            headers["Content-Length"], body = str(len(body)), body[: len(body) // 2]
        return Answer(200, body, headers)

    def _signature(self, path: str, expires: str) -> str:
        return blake2b(f"{self._seed} {path} {expires}".encode(), digest_size=16).hexdigest()


def _denied(status: int, why: str) -> Answer:
    return text_answer(DENIED.format(why), status, "application/xml")


def members(store: Database, saved_list: int) -> list[int]:
    """The numbers of the supporters in a saved list: all of them in the first one, a part of them in others."""
    return [one.id for one in store.living("contact") if saved_list == 1 or one.id % 7 == saved_list % 7]


def accepted(call: Call, now: float) -> dict[str, Any]:
    """What a job is asked for with. Raises `Refusal` where a property does not fit."""
    least, most, _ = KILOBYTES
    try:
        left = set(ACCEPTED) - call.options.unaccepted
        asked = {name: value for name, value in dict(call.body).items() if name in left and value is not None}
        resource = RESOURCES.get(asked.get("resourceType", ""))
        if resource is None or resource.name in call.options.without:
            invalid("resourceType", "The type is not one that this key may export.", hint=", ".join(RESOURCES))
        first = moment_of(str(asked.get("dateChangedFrom")))
        last = moment_of(str(asked.get("dateChangedTo", utc(int(now)))))
        fits = {
            "dateChangedFrom": first >= now - OLDEST,
            "dateChangedTo": first < last <= now,
            "requestedFields": set(asked.get("requestedFields", ())) <= resource.extra,
            "requestedCustomFieldIds": set(asked.get("requestedCustomFieldIds", ()))
            <= set(resource.customs(call.store)),
            "fileSizeKbLimit": least <= asked.get("fileSizeKbLimit", least) <= most,
            "contactMode": asked.get("contactMode", 3) in (1, 2, 3),
        }
    except (TypeError, ValueError):
        invalid("dateChangedFrom", "The body must be an object, and dates must be times with an offset.")
    for name, good in fits.items():
        if not good:
            invalid(name, f"The value of {name} cannot be accepted.")
    return {**asked, "first": first, "last": last, "adds": call.options.ids_add}


def echo(job: Job) -> dict[str, Any]:
    """What the vendor says it has accepted. Truths are texts."""
    told = {
        name: str(value).lower() if name in TRUTHS else value for name, value in job.asked.items() if name in ACCEPTED
    }
    return {**told, "dateChangedFrom": utc(job.asked["first"]), "dateChangedTo": utc(job.asked["last"])}


def shown(call: Call, job: Job) -> dict[str, Any]:
    """A job as it is now."""
    status = job.status(call.vendor.time)
    complete = status == "Complete"
    return {
        "exportJobId": job.number,
        "jobStatus": status,
        **echo(job),
        "files": call.vendor.jobs.links(job, call.vendor.files, call.vendor.time),
        "message": {"Complete": "Done", "Error": "The export could not be finished."}.get(status, "Waiting"),
        "code": "e-4711" if status == "Error" else None,
        "exportedRecordCount": job.count + call.options.miscounted if complete else None,
    }


def shown_list(call: Call, job: Job) -> dict[str, Any]:
    """A job of a saved list as it is now: one file, with the numbers of people."""
    status = {"Complete": "Completed", "Error": "Error"}.get(job.status(call.vendor.time), "Requested")
    [link] = call.vendor.jobs.links(job, call.vendor.files, call.vendor.time)[:1] or [dict[str, str]()]
    addressed = {name: link.get(name) for name in ("downloadUrl", "dateExpired")}
    return {"exportJobId": job.number, **job.asked, "status": status, **addressed, "errorCode": None}
