"""Wrong settings are one clear sentence, and a secret is written nowhere."""

import json

import pytest

from tests.destination import Stop


def secret_names(here):
    return [setting.name for setting in here.case.settings.settings if setting.secret]


def test_no_secret_appears_in_anything_that_is_written(world):
    here = world(faults="hostile")
    written = []
    for name in ("upsert", "update", "delete", "checkpoint", "warning"):
        original = getattr(here.destination, name)
        setattr(
            here.destination,
            name,
            lambda *values, original=original: (written.append(json.dumps(values, default=str)), original(*values)),
        )
    optional = {name: f"canary-{name}" for name in secret_names(here) if name not in here.configuration}
    here.sync(**optional)
    everything = "\n".join([*written, *here.log.lines, json.dumps(here.destination.state)])
    configured = {**here.configuration, **optional}
    secrets = {configured[name] for name in secret_names(here)} | here.credentials
    assert len(secrets - {""}) >= len(secret_names(here)) > 0
    assert [secret for secret in secrets if secret and secret in everything] == []


def test_every_required_setting_is_asked_for_by_name(world):
    here = world()
    for setting in here.case.settings.settings:
        if setting.default is None:
            with pytest.raises(Stop, match=f"{setting.name} is missing"):
                here.sync(**{setting.name: " "})


def test_a_rejected_credential_ends_the_sync_with_what_to_do(synced):
    here = synced()
    rows = here.destination.business_rows()
    wrong = dict.fromkeys(secret_names(here), "wrong-canary-4711")
    with pytest.raises(Stop) as stop:
        here.sync(**wrong)
    assert "canary" not in str(stop.value)
    assert any(words in str(stop.value) for words in ("authorise again", "copy both", "key"))
    assert here.destination.business_rows() == rows


def test_an_unknown_setting_is_a_warning_that_names_the_nearest_one(world):
    here = world()
    here.sync(full_pas_days="3")
    assert any("did you mean full_pass_days" in each for each in here.destination.warnings)


def test_keys_of_the_state_that_nobody_knows_are_kept(world):
    here = world()
    here.destination.state = {"from_the_future": {"a": 1}}
    here.sync()
    assert here.destination.state["from_the_future"] == {"a": 1}
