export interface EmailMessage {
  /** The same at each try: whoever gets it twice can tell. */
  id: string;
  to: string;
  subject: string;
  text: string;
  /** When it was announced. */
  date: Date;
  /** Where a POST without a session ends e-mails of this kind. */
  unsubscribeUrl: string;
}

export interface EmailContent {
  text: string;
  groupTitle: string;
  /** Where something can be done or seen about it. */
  pageUrl: string;
  unsubscribeUrl: string;
}

/** The words of an e-mail: those of the notification, where they lead, and how to get no more of them. */
export function emailWords(content: EmailContent): Pick<EmailMessage, 'subject' | 'text'> {
  const { text, groupTitle, pageUrl, unsubscribeUrl } = content;
  return {
    subject: `Do Not Play: ${groupTitle}`,
    text: [
      text,
      pageUrl,
      `You get this because you want e-mails about ${groupTitle}. To get none of these any more:\n${unsubscribeUrl}`,
      '',
    ].join('\n\n'),
  };
}
