#!/bin/sh
# Makes the namespace with thirty days of retention and the search attributes that our workflows carry. Safe to repeat.
set -eu

namespace=${TEMPORAL_NAMESPACE:-default}
temporal operator namespace describe -n "$namespace" >/dev/null 2>&1 ||
  temporal operator namespace create -n "$namespace" --retention 30d
for attribute in UserId Provider JobType; do
  temporal operator search-attribute create -n "$namespace" --name "$attribute" --type Keyword
done
