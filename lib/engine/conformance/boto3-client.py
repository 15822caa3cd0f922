"""Calls the engine with boto3: one JSON line {operation, input} in, one line {output} or {error: {type, message}} out."""

import datetime
import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

client = boto3.client(
    "gamelift",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    # The server has to check everything itself: clients in other languages do not.
    config=Config(parameter_validation=False, retries={"max_attempts": 0}),
)


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.timestamp() * 1000
    raise TypeError(f"{type(value)} in an answer")


for line in sys.stdin:
    request = json.loads(line)
    try:
        output = getattr(client, xform_name(request["operation"]))(**request["input"])
        del output["ResponseMetadata"]
        answer = {"output": output}
    except ClientError as error:
        answer = {"error": {"type": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
    except Exception as error:  # a client that breaks on our answer is what this is here to find
        answer = {"error": {"type": type(error).__name__, "message": str(error)}}
    print(json.dumps(answer, default=plain), flush=True)
