using System.Text.Json;
using Goodhart.Alignment.PolicyGradient;
using Goodhart.Evaluation.Statistics;
using Xunit;
using static Goodhart.Evaluation.Tests.GoldenStatistics;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class KlEstimatorTests
{
    private static readonly KlEstimator[] Estimators = [new K1Estimator(), new K3Estimator()];

    [Fact]
    public void Enumeration_gives_the_exact_divergences()
    {
        foreach (Case c in Load())
        {
            double[] logRatios = [.. c.Sequences.Select(c.LogRatio)];
            double forward = c.Sequences.Zip(logRatios, (s, r) => Math.Exp(c.Policy.LogProb(s)) * r).Sum();
            double backward = -c.Sequences.Zip(logRatios, (s, r) => Math.Exp(c.Reference.LogProb(s)) * r).Sum();
            Close(c.Json.Double("kl_policy_reference"), forward, "KL(policy, reference)");
            Close(c.Json.Double("kl_reference_policy"), backward, "KL(reference, policy)");
        }
    }

    [Fact]
    public void Expectation_and_variance_of_each_estimator_over_all_sequences()
    {
        foreach (Case c in Load())
        {
            foreach (KlEstimator estimator in Estimators)
            {
                Moments(c, estimator.Name, s => estimator.Of(c.LogRatio(s)));
            }

            Moments(c, "rao_blackwell", s => c.Policy.TokenKls(c.Reference, s));
        }
    }

    [Fact]
    public void Mean_and_standard_error_on_the_fixed_sample()
    {
        foreach (Case c in Load())
        {
            int[][] samples = [.. c.Json.GetProperty("samples_from_policy").EnumerateArray().Select(i => c.Sequences[i.GetInt32()])];
            double[] logRatios = [.. samples.Select(c.LogRatio)];
            foreach (KlEstimator estimator in Estimators)
            {
                Sample(c, estimator.Name, MeanEstimate.Of([.. logRatios.Select(estimator.Of)]));
            }

            Sample(c, "rao_blackwell", MeanEstimate.Of([.. samples.Select(s => c.Policy.TokenKls(c.Reference, s))]));
        }
    }

    [Theory]   // 50-digit values of r − 1 − ln r; the plain form has no digit left at the first two
    [InlineData(1e-9, 4.99999999833333396e-19)]
    [InlineData(-1e-9, 5.00000000166666729e-19)]
    [InlineData(0.0999999, 4.83740851970590120e-3)]
    [InlineData(0.1000001, 4.83742755222229324e-3)]
    public void K3_keeps_its_digits_near_zero(double logRatio, double expected) =>
        Close(expected, new K3Estimator().Of(logRatio), "k3", relative: 1e-13, absolute: 0);

    private static void Moments(Case c, string name, Func<int[], double> value)
    {
        double mean = c.Sequences.Sum(s => Math.Exp(c.Policy.LogProb(s)) * value(s));
        double variance = c.Sequences.Sum(s => Math.Exp(c.Policy.LogProb(s)) * Math.Pow(value(s) - mean, 2));
        Close(Expected(c, name).Double("expectation"), mean, name + " expectation");
        Close(Expected(c, name).Double("variance"), variance, name + " variance");
    }

    private static void Sample(Case c, string name, MeanEstimate estimate)
    {
        Close(Expected(c, name).Double("sample_mean"), estimate.Mean, name + " mean");
        Close(Expected(c, name).Double("sample_se"), estimate.StandardError, name + " se");
    }

    private static JsonElement Expected(Case c, string name) => c.Json.GetProperty("estimators").GetProperty(name);

    private static IEnumerable<Case> Load() => Cases("kl_cases.json", "sequence_models").Select(json => new Case(
        json,
        new(json.GetProperty("policy_logits")),
        new(json.GetProperty("reference_logits")),
        [.. json.GetProperty("sequences").EnumerateArray().Select(s => s.EnumerateArray().Select(t => t.GetInt32()).ToArray())]));

    private sealed record Case(JsonElement Json, EnumerableModel Policy, EnumerableModel Reference, int[][] Sequences)
    {
        public double LogRatio(int[] sequence) => Policy.LogProb(sequence) - Reference.LogProb(sequence);
    }
}
