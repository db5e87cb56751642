import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type ActEnd, actOnAppeal, type AppealAct, denyAct } from '../adapters/postgres/appeal-acts';
import { watchAppeal } from '../adapters/postgres/appeal-escalation';
import { decidedWith } from '../adapters/postgres/appeal-reads';
import type { MikroORM } from '../adapters/postgres/orm';
import { isAppealOpen } from '../domain/appeals';
import { DomainError } from '../domain/errors';

export interface AppealInput {
  appealId: string;
  jobId: string;
}

export interface AppealDeps {
  orm: MikroORM;
  client: Client;
  /** Until an undecided appeal is escalated, and again after as long. */
  decisionHours: number;
  /** An appeal waits, and nobody is left who may decide it. */
  onUnreviewable: (appealId: string) => void;
}

/** The steps of `appeal`. Each can be repeated. */
export function createAppealActivities({ orm, client, decisionHours, onUnreviewable }: AppealDeps) {
  return {
    /** Does what somebody asked for, or says with which code it is denied; either way it is on record. */
    async actOnAppeal(act: AppealAct): Promise<ActEnd & { open: boolean }> {
      const em = orm.em.fork();
      const end = await em
        .transactional((tx) => actOnAppeal(tx, act))
        .catch((error: unknown) => {
          if (!(error instanceof DomainError)) throw error;
          return em.fork().transactional((tx) => denyAct(tx, act, error.code));
        });
      if (!end) return { denied: 'not_found', state: 'withdrawn', version: 0, open: false };
      return { ...end, open: isAppealOpen(end.state) };
    },

    /** Escalates the appeal where its deadline has passed, and says when to look again. */
    async watchAppeal(input: AppealInput): Promise<{ open: boolean; pauseSeconds: number }> {
      const { open, pauseSeconds, reviewers } = await orm.em
        .fork()
        .transactional((tx) => watchAppeal(tx, input, { decisionHours }));
      if (open && reviewers === 0) onUnreviewable(input.appealId);
      return { open, pauseSeconds };
    },

    /** Tells the workflows of appeals that were decided together with this one; one that doesn't hear it sees it at its next look. */
    async tellDecidedTogether({ appealId }: { appealId: string }): Promise<{ told: number }> {
      const others = await decidedWith(orm.em.fork(), appealId);
      for (const id of others) {
        try {
          await client.workflow.getHandle(`appeal:${id}`).signal('decidedTogether');
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }
      return { told: others.length };
    },
  };
}
