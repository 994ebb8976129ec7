"""The simulated Lighthouse of docs/adding_a_source.md: a WSGI application over a store, and its truth."""

from datetime import datetime, timezone
from random import Random
from typing import Any

from sandbox.limits import SlidingWindow
from sandbox.web import Answer, Request, json_answer, send

KEY = "lighthouse-key"
PAGE = 50


class Lighthouse:
    """A help desk. `now` gives epoch seconds; `asked` are the paths of all requests, `statuses` of all answers."""

    def __init__(self, now: Any, tickets: int = 150) -> None:
        self._now = now
        self._random = Random(1)
        self._window = SlidingWindow(120, 60)
        self.asked: list[str] = []
        self.statuses: list[int] = []
        self.agents: list[dict[str, Any]] = [
            {"id": number, "name": f"Agent {number}", "contact": {"email": f"agent{number}@lighthouse.example"}}
            for number in range(1, 61)
        ]
        self.malformed: dict[int, Any] = {}
        """What is served in place of some tickets, by number."""
        self.topics = [{"id": number, "title": f"Topic {number}"} for number in range(1, 6)]
        self.tickets: dict[int, dict[str, Any]] = {}
        self.replies: dict[int, dict[str, Any]] = {}
        self.ratings: list[dict[str, Any]] = []
        for _ in range(tickets):
            self.open_ticket(days_ago=30)
        # A bulk edit: more tickets than a page hold the same change time.
        moment = self._moment(days_ago=7)
        for ticket in list(self.tickets.values())[:120]:
            ticket["updated_at"] = moment
        self.open_ticket(days_ago=1)

    def open_ticket(self, days_ago: int = 0) -> int:
        number = 1001 + len(self.tickets)
        self.tickets[number] = {
            "id": number,
            "subject": f"Question {number}",
            "status": "open",
            "agent_id": self._random.randrange(1, 61),
            "refund": f"{self._random.randrange(10_000) / 100:.2f}",
            "topics": self._random.sample(range(1, 6), 2),
            "created_at": self._moment(days_ago, number),
            "updated_at": self._moment(days_ago, number),
            "private_link": f"https://lighthouse.example/t/{number}?key=hush",
        }
        for _ in range(self._random.randrange(3)):
            self._answer_ticket(number, days_ago)
        return number

    def reply(self, ticket: int) -> None:
        self._answer_ticket(ticket, 0)
        self.touch(ticket)

    def touch(self, ticket: int, **values: Any) -> None:
        self.tickets[ticket].update(values, updated_at=self._moment())

    def close(self, ticket: int) -> None:
        """The ticket is deleted, and its replies with it."""
        del self.tickets[ticket]
        for number in [each["id"] for each in self.replies.values() if each["ticket_id"] == ticket]:
            del self.replies[number]

    def rate(self, ticket: int) -> None:
        number = len(self.ratings) + 1
        self.ratings.append({"id": number, "ticket_id": ticket, "stars": 5, "given_at": self._moment()})

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """Every table as the warehouse must hold it."""

        def text(value: Any) -> str:
            return str(value)

        return {
            "agent": [
                {
                    "id": text(each["id"]),
                    "name": each["name"],
                    "contact_email": each["contact"]["email"],
                    "contact_phone": None,
                }
                for each in self.agents
            ],
            "topic": [{"id": text(each["id"]), "title": each["title"]} for each in self.topics],
            "ticket": [
                {
                    **{key: each[key] for key in ("subject", "status", "refund", "created_at", "updated_at")},
                    "id": text(each["id"]),
                    "agent_id": text(each["agent_id"]),
                }
                for each in self.tickets.values()
            ],
            "ticket_topic": [
                {"ticket_id": text(each["id"]), "position": position, "topic_id": text(topic)}
                for each in self.tickets.values()
                for position, topic in enumerate(each["topics"])
            ],
            "reply": [
                {**each, "id": text(each["id"]), "ticket_id": text(each["ticket_id"])} for each in self.replies.values()
            ],
            "rating": [{**each, "id": text(each["id"]), "ticket_id": text(each["ticket_id"])} for each in self.ratings],
        }

    def wsgi(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        answer = self._answer(request)
        self.asked.append(request.path)
        self.statuses.append(answer.status)
        return send(answer, environ, start_response)

    def _answer(self, request: Request) -> Answer:
        if request.header("Authorization") != f"Bearer {KEY}":
            return json_answer({"error": "unknown key"}, 401)
        if wait := self._window.refuse("key", self._now()):
            return json_answer({"error": "slow down"}, 429, Retry_After=str(wait))
        match request.path.removeprefix("/v1/").split("/"):
            case ["agents"]:
                return json_answer({"data": numbered(self.agents, request)})
            case ["topics"]:
                return json_answer({"data": self.topics})
            case ["tickets"]:
                return json_answer({"data": self._search(request)})
            case ["tickets", number, "replies"]:
                return self._replies(int(number), request)
            case ["ratings"]:
                start = int(request.query.get("cursor", "0"))
                page = self.ratings[start : start + PAGE]
                reached = start + len(page)
                return json_answer({"data": page, "cursor": str(reached), "more": reached < len(self.ratings)})
        return json_answer({"error": "no such resource"}, 404)

    def _search(self, request: Request) -> list[dict[str, Any]]:
        since, until = request.query["updated_since"], request.query.get("updated_until", "9999")
        found = sorted(
            (each for each in self.tickets.values() if since <= each["updated_at"] <= until),
            key=lambda each: (each["updated_at"], each["id"] * 7919 % 1013),
        )
        served = [self.malformed.get(each["id"], each) for each in found]
        return numbered(served, request) if "page" in request.query else served[: int(request.query["limit"])]

    def _replies(self, ticket: int, request: Request) -> Answer:
        if ticket not in self.tickets:
            return json_answer({"error": "no such ticket"}, 404)
        found = [each for each in self.replies.values() if each["ticket_id"] == ticket]
        number = int(request.query.get("page", "1"))
        answer = json_answer({"data": found[number - 1 : number]})
        if number < len(found):
            answer.headers["Link"] = f'<{request.url_with(page=number + 1)}>; rel="next"'
        return answer

    def _answer_ticket(self, ticket: int, days_ago: int) -> None:
        number = len(self.replies) + 1
        self.replies[number] = {
            "id": number,
            "ticket_id": ticket,
            "author": "Ada",
            "body": f"Answer {number}",
            "sent_at": self._moment(days_ago),
        }

    def _moment(self, days_ago: int = 0, second: int = 0) -> str:
        moment = datetime.fromtimestamp(self._now() - 86_400 * days_ago + second, timezone.utc)
        return moment.isoformat(timespec="milliseconds")


def numbered(found: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """The page of that number."""
    start = (int(request.query["page"]) - 1) * PAGE
    return found[start : start + PAGE]
