using Goodhart.Models.Scoring;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Labelling;

/// <summary>Who says which of two sampled responses is the better one: part of a step's key. A variant is a type.</summary>
public abstract record PairLabels
{
    public virtual IReadOnlyList<FileNeed> Needs => [];

    /// <param name="pairs">Two responses to each prompt.</param>
    /// <param name="seed">Of labels that are drawn.</param>
    /// <returns>Per pair, whether the first is preferred; of equals the first.</returns>
    public abstract Task<bool[]> FirstIsPreferredAsync(
        StepContext context, IReadOnlyList<SampledTwo> pairs, ulong seed, int rowBudget, CancellationToken cancel);
}

/// <summary>Two responses of one policy to one prompt.</summary>
/// <param name="Item">Addresses what is drawn for them.</param>
/// <param name="First">Tokens, EOS included where it ended.</param>
/// <param name="Second">The same.</param>
public sealed record SampledTwo(int Item, int[] Prompt, int[] First, int[] Second)
{
    public bool AreEqual => First.AsSpan().SequenceEqual(Second);

    public PromptTree Tree => new(Prompt, [First, Second]);
}
