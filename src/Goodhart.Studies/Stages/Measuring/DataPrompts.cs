using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Steps;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Stages.Measuring;

/// <summary>Held-out prompts of the user's data, as the policies read them.</summary>
public sealed record DataPrompts(TokenizeHeldOutPrompts Rows) : PromptTexts
{
    internal override IReadOnlyList<PromptText> Read(StepContext context)
    {
        ITokenizer tokenizer = Rows.Source.Tokenizer.Open();
        return
        [
            .. Rows.ReadWithResponses(context).Select(row => new PromptText(
                tokenizer.Decode(row.Prompt), tokenizer.Decode(row.Response.AsSpan().TrimEnd(tokenizer.EosId)), null)),
        ];
    }
}
