"""What all rows share: naming, keys, UTC times, text that is encrypted at rest."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils import compat

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all rows."""

    metadata = MetaData(naming_convention=NAMING)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made, so indexes stay compact."""
    return compat.uuid7()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Naive times are refused on the way in; aware ones come out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises `ValueError` for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """As UTC, also where the database keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]  # SQLite keeps no zone
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # the driver gives a datetime


class EncryptedText(TypeDecorator[str]):
    """Text that is ciphertext in the database (Fernet; the newest key writes, any key reads).

    The keys travel with the engine, see `store.engine.open_engine`.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt with the newest key."""
        if value is None:
            return None
        return _keys(dialect).encrypt(value.encode()).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Decrypt. Raises `LookupError` when no key fits."""
        if value is None:
            return None
        try:
            return _keys(dialect).decrypt(value).decode()
        except InvalidToken:
            raise LookupError(
                "encrypted text cannot be read: ATTUNE_SECRET_KEY no longer holds the key that wrote it"
            ) from None


def _keys(dialect: Dialect) -> MultiFernet:
    keys = getattr(dialect, "attune_keys", None)
    if not isinstance(keys, MultiFernet):
        raise LookupError("this engine was opened without keys: use store.engine.open_engine")
    return keys


def one_of(choices: type, name: str) -> Enum:
    """An enum kept as readable text with a CHECK, so that the database refuses other words."""
    return Enum(
        choices,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda kind: [member.value for member in kind],
    )


class Keyed:
    """Rows with a UUIDv7 key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Owned(Keyed):
    """Rows that belong to an organization (the tenant)."""

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
