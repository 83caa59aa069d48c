using Goodhart.Evaluation.Points;
using Goodhart.Steps.Measuring;
using Xunit;

namespace Goodhart.Steps.Tests.Measuring;

/// <summary>Eq. (6) and the responses that no pair holds, on numbers worked out by hand.</summary>
public sealed class LengthMeasuresTests
{
    private static readonly CheckpointPoint Point = new() { Loss = "dpo", Model = "S", Kl = 1, WinRate = 0.5 };

    [Fact]
    public void A_log_ratio_of_two_nats_a_token_less_one_is_found()
    {
        CheckpointPoint point = LengthMeasures.AddTo(Point, [1, 2, 3], [1, 3, 5]);
        Assert.Equal(2, point.LengthSlope!.Value, 12);
        Assert.Equal(1, point.LengthR2!.Value, 12);

        // Through the origin: Σxy/Σx² = 22/14, rss = 35 − 22²/14.
        Assert.Equal(22.0 / 14, point.LengthGamma!.Value, 12);
        Assert.Equal(22.0 * 22 / 14 / 35, point.LengthR2Origin!.Value, 12);
    }

    [Fact]
    public void The_reference_itself_has_no_log_ratio_to_explain()
    {
        CheckpointPoint point = LengthMeasures.AddTo(Point, [4, 7, 9], [0, 0, 0]);
        Assert.Null(point.LengthR2);
        Assert.Null(point.LengthR2Origin);
        Assert.Equal(0, point.LengthGamma);
    }

    [Fact]
    public void Forward_kl_is_the_references_log_prob_less_the_policys()
    {
        UnseenResponses reference = new([[1], [2]], [[-3, -5], [-4, -6]]);
        UnseenResponses policy = new([[1], [2]], [[-4, -7], [-8, -9]]);
        CheckpointPoint point = policy.AddTo(Point, reference);
        Assert.Equal(2.5, point.ForwardKlSampled);
        Assert.Equal(1.5, point.ForwardKlSampledSe!.Value, 12);
        Assert.Equal(-6, point.LogProbSamples);
        Assert.Equal(-8, point.LogProbData);
    }
}
