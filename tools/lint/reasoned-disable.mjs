/** A finding may be put aside where it is wrong, for one line and with the reason: `// eslint-disable-next-line rule -- because …`. */
export const reasonedDisable = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      reason: 'Say why the rule is wrong here: `-- because …`.',
      blanket: 'Name the rule, and put it aside for one line: eslint-disable-next-line.',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const [, where, rules, reason] = /^\s*eslint-disable(\S*)\s*(.*?)(?:\s-{2,}\s(.+))?\s*$/s.exec(comment.value) ?? [];
          if (where === undefined) continue;
          if (!/^-(?:next-)?line$/.test(where) || rules === '') context.report({ loc: comment.loc, messageId: 'blanket' });
          else if (!reason) context.report({ loc: comment.loc, messageId: 'reason' });
        }
      },
    };
  },
};
