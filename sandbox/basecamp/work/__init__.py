"""The company at work: one realistic change at a time, with `updated_at` moving exactly where the real one
moves.

basecamp.md 8 and 9. It moves for edits, completion, assignment, dates, moves to another parent, and for the
recording that is archived, trashed or restored itself. It does not move for what a parent's status does to
its children, for counters, for renames above, and a purge leaves nothing that could move. Completing a to-do
also moves its list, its to-do set and its project.
"""

from random import Random

from sandbox.basecamp.store import Store
from sandbox.basecamp.work.running import Running
from sandbox.basecamp.work.shelves import Shelves
from sandbox.basecamp.work.tasks import Tasks
from sandbox.basecamp.work.writing import Writing
from sandbox.changes import pick, weights


class Work(Tasks, Writing, Shelves, Running):
    """Each method is one change; it returns False where the company has nothing to change in that way."""

    def __init__(self, store: Store, seed: int = 1) -> None:
        super().__init__(store)
        self.seed = seed

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        return pick(random, CHANGES, lambda name: getattr(self, name)(random))


CHANGES = weights("""
    create_todo:8 create_todolist:2 edit_todo:5 describe_todo:3 complete_todo:8 complete_card:2 complete_step:3
    reopen:2 complete_a_list_at_once:1 assign:5 reschedule:3 move_todo:3 move_card:4 hold_card:1
    send_card_through_wormhole:1 create_card:3 edit_card:3 retitle_card:1 add_step:2 comment:8 edit_comment:2
    post_message:3 edit_message:2 rename_message:1 write_draft:1 publish_draft:1 write_document:2 edit_document:2
    upload_file:2 replace_file:1 create_vault:1 move_document:1 add_entry:2 edit_entry:2 ask:1 pause_question:1
    answer:3 edit_answer:1 chat:8 edit_line:2 delete_line:2 rename_chat:1 receive_forward:1 reply_to_forward:1
    write_to_client:1 hear_from_client:1 approve:1 log_time:3 correct_time:1 delete_time:1 put_away:6
    put_away_a_parent:2 restore:3 empty_trash:0.3 purge:2 trash_door:0.5 add_door:0.5 post_needle:1
    delete_needle:0.5 move_on_the_hill:1 boost:4 take_boost_back:1 open_project:0.5 rename_project:0.5
    archive_project:0.3 trash_project:0.3 bring_project_back:0.6 lose_access:0.2 gain_access:0.3
    show_or_hide_tool:0.5 rename_tool:0.5 add_second_tool:0.3 rename_column:0.5 reorder:1 hire:0.5 leave:0.3
    rename_person:0.5 go_on_holiday:0.5 join_or_leave_project:1 add_message_type:0.5 rename_message_type:0.5
    delete_message_type:0.3 add_webhook:0.5 delete_webhook:0.3 add_marker:0.5 delete_marker:0.3 change_template:0.5
    add_template:0.2
""")
"""Each change with its weight."""
