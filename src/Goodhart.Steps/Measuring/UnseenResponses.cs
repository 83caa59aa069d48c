using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Measuring;

/// <summary>
/// Responses that no preference pair holds, and their log-probs: where mass goes that the loss does not see (section 3.5).
/// </summary>
/// <param name="Samples">The first sample of the SFT model on each evaluation prompt: token ids.</param>
/// <param name="LogProbs">By prompt: log π of that sample, and of the data set's response.</param>
public sealed record UnseenResponses(int[][] Samples, double[][] LogProbs)
{
    /// <summary>Scores the samples and the data set's responses with a model.</summary>
    /// <param name="prompts">With the data set's responses.</param>
    public static UnseenResponses Of(
        LanguageModel model, TokenizedExample[] prompts, int[][] samples, int rowBudget, CancellationToken cancel)
    {
        using ResponseScorer scorer = new(model, rowBudget);
        return new UnseenResponses(
            samples,
            scorer.LogProbs([.. prompts.Select((prompt, i) => new PromptTree(prompt.Prompt, [samples[i], prompt.Response]))], cancel));
    }

    /// <summary>The point with what these responses say.</summary>
    /// <param name="reference">The same responses under the SFT model.</param>
    public CheckpointPoint AddTo(CheckpointPoint point, UnseenResponses reference)
    {
        // D_KL(π_ref‖π) by its definition: Eq. (7) has the data's chosen responses where these are the reference's own.
        double[] logRatios = [.. reference.LogProbs.Select((prompt, i) => prompt[0] - LogProbs[i][0])];
        MeanEstimate forward = MeanEstimate.Of(logRatios);
        return point with
        {
            ForwardKlSampled = forward.Mean,
            ForwardKlSampledSe = forward.StandardError,
            LogProbSamples = LogProbs.Average(prompt => prompt[0]),
            LogProbData = LogProbs.Average(prompt => prompt[1]),
        };
    }
}
