using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Rows;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Labelling;

/// <summary>The reward model that judges the study: the response that it scores higher is the better one.</summary>
/// <param name="Model">Its folder.</param>
/// <param name="Rows">The pairs whose prompts are answered.</param>
public sealed record JudgeLabels(NamedFolder Model, TokenizePairs Rows) : PairLabels
{
    /// <inheritdoc cref="RewardModelScorer.Reading"/>
    public int Reading { get; } = RewardModelScorer.Reading;

    public override async Task<bool[]> FirstIsPreferredAsync(
        StepContext context, IReadOnlyList<SampledTwo> pairs, ulong seed, int rowBudget, CancellationToken cancel)
    {
        ITokenizer tokenizer = Rows.Source.OpenTokenizer();
        IReadOnlyList<int> ends = Rows.Source.Ends();
        bool isWritten = context.Get(Rows).WrittenByTemplate;
        ResponsePair[] texts =
        [
            .. pairs.Select(pair => new ResponsePair(tokenizer.Decode(pair.Prompt), Text(pair.First), Text(pair.Second))
            {
                WrittenByTemplate = isWritten,
            }),
        ];
        using RewardModelScorer scorer = new(context.Service<IDevice>(), Model.PathIn(context), told: null);   // told when the study began
        IReadOnlyList<PairJudgement> judged = await new ScorerJudge(scorer).JudgeAsync(texts, null, cancel).ConfigureAwait(false);
        return [.. judged.Select(judgement => judgement.Score >= 0.5)];

        JudgedResponse Text(int[] response)
        {
            ReadOnlySpan<int> text = EndTokens.Before(response, ends);
            return JudgedResponse.Of(tokenizer.Decode(text), text.Length < response.Length);
        }
    }
}
