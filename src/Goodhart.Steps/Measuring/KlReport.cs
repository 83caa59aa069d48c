using Goodhart.Evaluation.Statistics;

namespace Goodhart.Steps.Measuring;

/// <summary>A divergence by one estimator; standard errors are over prompts (null for a single one).</summary>
/// <param name="Nats">Per response.</param>
/// <param name="NatsPerToken">Total nats over total tokens.</param>
public sealed record KlEstimate(double Nats, double? StandardError, double NatsPerToken, double? NatsPerTokenStandardError);

/// <summary>One direction of the divergence.</summary>
/// <param name="Exact">Exact per token, summed over sampled prefixes: the same expectation as k1 with less noise.</param>
/// <param name="K1">Mean log-ratio.</param>
/// <param name="MeanLength">Tokens per response, EOS included.</param>
/// <param name="EosRate">Share of responses that ended with EOS. Those that did not are cut, and their divergence with them.</param>
public sealed record KlDirectionReport(KlEstimate Exact, KlEstimate K1, int Prompts, int Responses, double MeanLength, double EosRate);

/// <summary>The divergence of two models on prompts, both ways.</summary>
public sealed record KlReport(KlDirectionReport PolicyToReference, KlDirectionReport ReferenceToPolicy)
{
    /// <summary>Stamped on every number: other conventions are refused.</summary>
    public string Convention =>
        "nats; per response, summed over its tokens, EOS included; temperature 1, whole vocabulary; standard errors over prompts";

    /// <param name="samplesPerPrompt">Samples of a prompt lie side by side.</param>
    public static KlReport Of(IReadOnlyList<KlSample> samples, int samplesPerPrompt)
    {
        return new KlReport(Direction(KlDirection.PolicyToReference), Direction(KlDirection.ReferenceToPolicy));

        KlDirectionReport Direction(KlDirection direction)
        {
            KlSample[] own = [.. samples.Where(sample => sample.Direction == direction)];
            return new KlDirectionReport(
                Estimate(own, samplesPerPrompt, sample => sample.Exact),
                Estimate(own, samplesPerPrompt, sample => sample.LogRatio),
                own.Length / samplesPerPrompt,
                own.Length,
                own.Average(sample => sample.Tokens),
                own.Average(sample => sample.FinishReason == FinishReason.Eos ? 1.0 : 0));
        }
    }

    private static KlEstimate Estimate(KlSample[] samples, int samplesPerPrompt, Func<KlSample, double> nats)
    {
        double[] perPrompt = MeanEstimate.PromptMeans(Array.ConvertAll(samples, sample => nats(sample)), samplesPerPrompt);
        double[] tokens = MeanEstimate.PromptMeans(Array.ConvertAll(samples, sample => (double)sample.Tokens), samplesPerPrompt);
        MeanEstimate response = MeanEstimate.Of(perPrompt);
        MeanEstimate token = RatioEstimate.Of(perPrompt, tokens);
        return new KlEstimate(response.Mean, response.StandardError, token.Mean, token.StandardError);
    }
}
