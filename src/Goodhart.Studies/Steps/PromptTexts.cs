using Goodhart.Pipeline;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>The evaluation prompts of a study as text, in the order of its outcomes.</summary>
public abstract record PromptTexts
{
    internal abstract IReadOnlyList<PromptText> Read(StepContext context);
}

/// <param name="Response">The data set's.</param>
/// <param name="Gold">The response's gold reward; null where none is known.</param>
public sealed record PromptText(string Prompt, string Response, double? Gold);

/// <summary>The first held-out posts of the synthetic world.</summary>
public sealed record WorldPrompts(ulong Seed, int Count) : PromptTexts
{
    internal override IReadOnlyList<PromptText> Read(StepContext context) =>
    [
        .. context.Service<WorldRows>().EvaluationPrompts(Seed, Count).Select(prompt => new PromptText(
            TldrWorld.Tokenizer.Decode(prompt.Post.Prompt), TldrWorld.Tokenizer.Decode(prompt.Response.AsSpan()[..^1]), prompt.Gold.Reward)),
    ];
}
