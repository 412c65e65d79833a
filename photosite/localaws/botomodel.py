"""botocore without the person who started us: no profile, no shared file, no models of theirs.

The service model that comes with botocore is AWS's own description of Rekognition: the operations there are
and the shapes they take.
"""

import os
from functools import cache

import botocore.session
from botocore.loaders import Loader
from botocore.model import ServiceModel


def builtin_loader() -> Loader:
    """Reads the models that come with botocore, and none from ~/.aws/models."""
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


def sealed_session() -> botocore.session.Session:
    """A session that reads nothing outside botocore's own folder; credentials are passed to it."""
    session = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    session.register_component("data_loader", builtin_loader())
    return session


@cache
def rekognition_model() -> ServiceModel:
    """AWS's description of Rekognition."""
    return ServiceModel(builtin_loader().load_service_model("rekognition", "service-2"), "rekognition")
