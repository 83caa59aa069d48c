using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets;

/// <summary>What may help where every row of a file was skipped.</summary>
public static class SkipAdvice
{
    /// <returns>A sentence about the most frequent reason; null where no row was skipped.</returns>
    public static string? Of(Dataset data, SkipTally tally)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(tally);
        if (tally.Skipped.Count == 0)
        {
            return null;
        }

        string other = data.Unused(tally).FirstOrDefault(tally.Columns.Contains) ?? "NAME";
        DatasetShape shape = data.Shape is LabelledExamples labelled ? labelled.Unlabelled : data.Shape;
        return tally.Skipped.MaxBy(skip => skip.Value).Key switch
        {
            SkipReason.Undesirable => "Only responses that are labelled desirable are imitated; `align --loss kto` trains on both kinds.",
            SkipReason.NoSharedPrompt => "chosen and rejected are read as whole dialogues, which have to begin alike and go on with the "
                + "assistant's turn" + (shape is ImplicitDialogues ? $"; a prompt in a column of its own: --columns prompt={other}." : "."),
            SkipReason.NoCompletion when shape is WholeConversations =>
                "A conversation has to end with an assistant's turn, which is what is learnt; these end with a question.",
            SkipReason.NoCompletion when shape is PromptShape => "A file of prompts alone has nothing to learn from.",
            SkipReason.NoCompletion => $"A completion in a column of another name: --columns completion={other}.",
            SkipReason.NoPrompt => $"A prompt in a column of another name: --columns prompt={other}.",
            SkipReason.NoLabel => $"A label in a column of another name: --columns label={other}.",
            _ => $"Responses in columns of other names: --columns chosen={other},rejected=NAME.",
        };
    }
}
