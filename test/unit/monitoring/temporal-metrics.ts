import type { KnownMetric } from './known-metrics';

/** Labels that each of Temporal's own carries. */
const everywhere = ['namespace', 'service_name'];

/**
 * What Temporal's SDK (1.24.0) counts in a worker, with its labels. Written down from `/metrics` of a real worker that was given
 * workflows that end well, fail, throw and cannot be replayed, and whose Temporal then went away.
 */
const seen: readonly (readonly [string, KnownMetric['type'], ...string[]])[] = [
  [
    'temporal_activity_execution_failed_total',
    'counter',
    'activity_type',
    'failure_reason',
    'task_queue',
    'workflow_type',
  ],
  ['temporal_activity_execution_latency_seconds', 'histogram', 'activity_type', 'task_queue', 'workflow_type'],
  ['temporal_activity_schedule_to_start_latency_seconds', 'histogram', 'task_queue'],
  ['temporal_activity_succeed_endtoend_latency_seconds', 'histogram', 'activity_type', 'task_queue', 'workflow_type'],
  ['temporal_activity_task_received_total', 'counter', 'activity_type', 'eager', 'task_queue', 'workflow_type'],
  [
    'temporal_local_activity_execution_failed_total',
    'counter',
    'activity_type',
    'failure_reason',
    'task_queue',
    'workflow_type',
  ],
  ['temporal_local_activity_execution_latency_seconds', 'histogram', 'activity_type', 'task_queue', 'workflow_type'],
  [
    'temporal_local_activity_succeed_endtoend_latency_seconds',
    'histogram',
    'activity_type',
    'task_queue',
    'workflow_type',
  ],
  ['temporal_local_activity_total_total', 'counter', 'activity_type', 'task_queue', 'workflow_type'],
  ['temporal_long_request_failure_total', 'counter', 'operation', 'status_code', 'task_queue'],
  ['temporal_long_request_latency_seconds', 'histogram', 'operation', 'task_queue'],
  ['temporal_long_request_total', 'counter', 'operation', 'task_queue'],
  ['temporal_num_pollers', 'gauge', 'poller_type', 'task_queue'],
  ['temporal_request_latency_seconds', 'histogram', 'operation'],
  ['temporal_request_total', 'counter', 'operation'],
  ['temporal_sticky_cache_hit_total', 'counter', 'task_queue', 'workflow_type'],
  ['temporal_sticky_cache_size', 'gauge', 'task_queue'],
  ['temporal_sticky_cache_total_forced_eviction_total', 'counter', 'task_queue'],
  ['temporal_worker_start_total', 'counter', 'task_queue'],
  ['temporal_worker_task_slots_available', 'gauge', 'task_queue', 'worker_type'],
  ['temporal_worker_task_slots_used', 'gauge', 'task_queue', 'worker_type'],
  ['temporal_workflow_completed_total', 'counter', 'task_queue', 'workflow_type'],
  ['temporal_workflow_endtoend_latency_seconds', 'histogram', 'task_queue', 'workflow_type'],
  ['temporal_workflow_failed_total', 'counter', 'task_queue', 'workflow_type'],
  ['temporal_workflow_task_execution_failed_total', 'counter', 'failure_reason', 'task_queue', 'workflow_type'],
  ['temporal_workflow_task_execution_latency_seconds', 'histogram', 'task_queue', 'workflow_type'],
  ['temporal_workflow_task_queue_poll_succeed_total', 'counter', 'task_queue'],
  ['temporal_workflow_task_replay_latency_seconds', 'histogram', 'task_queue', 'workflow_type'],
  ['temporal_workflow_task_schedule_to_start_latency_seconds', 'histogram', 'task_queue'],
];

export const temporalMetrics: readonly KnownMetric[] = seen.map(([name, type, ...labels]) => ({
  name,
  type,
  labels: [...everywhere, ...labels],
}));

/** As the SDK's native part names it; the rest is put on by how the worker has it told (`_total`, `_seconds`). */
export const nativeName = (name: string): string => name.replace(/^temporal_/, '').replace(/_(total|seconds)$/, '');
