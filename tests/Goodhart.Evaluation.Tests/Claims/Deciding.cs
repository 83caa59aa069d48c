using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Decides simulated studies.</summary>
internal static class Deciding
{
    public static readonly TestOptions Options = new() { Replicates = 200 };

    public static Claim Decide(string id, SimulatedStudy study) =>
        StudyClaims.Decide(study.Build(), Options).Single(claim => claim.Id == id);

    public static void Expect(Verdict expected, string id, SimulatedStudy study)
    {
        Claim claim = Decide(id, study);
        string got = $"{claim.Verdict}: {claim.Value} {claim.Interval?.Text("F3")}; {claim.Reading}";
        Assert.True(claim.Verdict == expected, $"{id}: expected {expected}, got {got}");
    }
}
