import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';

const userId = defineSearchAttributeKey('UserId', SearchAttributeType.KEYWORD);
const provider = defineSearchAttributeKey('Provider', SearchAttributeType.KEYWORD);
const jobType = defineSearchAttributeKey('JobType', SearchAttributeType.KEYWORD);

/** By what runs are found in the Temporal UI: ids and enums only. */
export function searchAttributes(values: {
  userId: string;
  provider?: string;
  jobType: string;
}): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: userId, value: values.userId },
    { key: jobType, value: values.jobType },
    ...(values.provider ? [{ key: provider, value: values.provider }] : []),
  ]);
}
