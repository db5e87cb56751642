import { AppealStage } from './appeal-stage';
import type { System } from './system';
import type { Told } from './whole-story';

/** Two people appeal against one decision: one is asked something, the deadline passes, and both are decided at once. A third withdraws. */
export async function appealStory(system: System): Promise<Told[]> {
  const stage = new AppealStage(system);
  const [reviewerId, otherId] = [await stage.person('reviewer'), await stage.person('reviewer')];
  const { appealId, decisionId, submitterId } = await stage.appealed();
  const beside = await stage.appeal(decisionId, await stage.person());
  await stage.step(appealId, 'claim', { actorId: otherId });
  await stage.step(appealId, 'claim', { actorId: reviewerId });
  await stage.step(appealId, 'release', { actorId: otherId });
  await stage.step(appealId, 'claim', { actorId: reviewerId });
  const question = await stage.message(appealId, 'question', reviewerId);
  await stage.step(appealId, 'requestInformation', { messageId: question });
  await stage.step(appealId, 'answer', { messageId: await stage.message(appealId, 'answer', submitterId) });
  await stage.escalated(appealId);
  await stage.step(appealId, 'decide', { draftId: await stage.draft(appealId, reviewerId, 'reversed') });

  const { appealId: withdrawn, submitterId: tired } = await stage.appealed();
  await stage.step(withdrawn, 'withdraw', { actorId: tired });
  const told = [
    { name: 'appeal', workflowId: `appeal:${appealId}` },
    { name: 'appeal-decided-together', workflowId: `appeal:${beside}` },
    { name: 'appeal-withdrawn', workflowId: `appeal:${withdrawn}` },
  ];
  for (const { workflowId } of told) await system.client.workflow.getHandle(workflowId).result();
  return told;
}
