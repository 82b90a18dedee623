"""Keys for words that wait on a device: each person has their own, and the same one again."""

from base64 import b64decode
from uuid import UUID, uuid4

from lti_tool.services.entering.device_keys import device_keys

OLD, NEW = "an older secret of forty characters or so", "a newer secret of forty characters or so"
JO = UUID("0195aa00-0000-7000-8000-000000000001")


def test_ux_p3_a_person_gets_the_same_key_again_and_nobody_else_does() -> None:
    (mine,) = device_keys((NEW,), JO)
    assert device_keys((NEW,), JO) == (mine,)
    (another,) = device_keys((NEW,), uuid4())
    assert another.key != mine.key
    assert another.mark != mine.mark


def test_what_an_older_secret_locked_is_opened_after_a_change_of_secrets() -> None:
    newest, older = device_keys((NEW, OLD), JO)
    assert (newest,) == device_keys((NEW,), JO)
    assert (older,) == device_keys((OLD,), JO)


def test_a_key_has_256_bits_and_neither_it_nor_the_mark_names_the_person() -> None:
    (mine,) = device_keys((NEW,), JO)
    assert len(b64decode(mine.key)) == 32
    assert JO.hex not in mine.mark + b64decode(mine.key).hex()
    assert mine.key not in repr(mine)
