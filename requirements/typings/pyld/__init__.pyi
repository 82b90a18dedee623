"""The little of PyLD that Attune uses; PyLD carries no types."""

from . import jsonld as jsonld
