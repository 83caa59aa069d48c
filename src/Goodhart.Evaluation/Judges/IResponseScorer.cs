namespace Goodhart.Evaluation.Judges;

/// <summary>Gives each response a number, higher is better: a gold reward, a reward model.</summary>
public interface IResponseScorer
{
    /// <summary>All that its scores follow from, as one line of JSON.</summary>
    string Identity { get; }

    /// <summary>Scores of responses, each to its prompt, in their order.</summary>
    IReadOnlyList<double> Score(IReadOnlyList<PromptedResponse> responses, CancellationToken cancel);
}

/// <summary>A response with its prompt.</summary>
/// <param name="WrittenByTemplate"><inheritdoc cref="ResponsePair.WrittenByTemplate" path="/summary"/></param>
public sealed record PromptedResponse(string Prompt, JudgedResponse Response, bool WrittenByTemplate = false);
