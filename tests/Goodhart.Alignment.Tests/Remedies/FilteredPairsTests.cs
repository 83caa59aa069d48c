using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

public sealed class FilteredPairsTests
{
    public static TheoryData<string> Names =>
        [.. RemedyCatalogue.All.Where(entry => entry.Create() is FilteredPairs).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Margins_and_what_is_kept_agree(string name)
    {
        JsonElement[] cases = [.. Golden.Json("remedies", "filters.json").GetProperty("cases").EnumerateArray()];
        Assert.True(cases.Length >= 8);
        Assert.All(cases, c =>
        {
            FilteredPairs filter = (FilteredPairs)RemedyCatalogue.Find(name).Create(
                new Dictionary<string, double> { ["keep"] = c.Number("keep") });
            double[] expected = c.GetProperty("margins").Numbers(name);
            double[] margins = [.. c.GetProperty("pairs").EnumerateArray().Select(pair => Margin(filter, pair))];
            Assert.All(margins, (margin, i) => GoldenCases.Close(expected[i], margin));
            Assert.Equal(c.GetProperty("kept").Numbers(name).Select(place => (int)place), filter.Kept(margins));
        });
    }

    [Theory]
    [InlineData(0.29, 100, 29)]   // 0.29·100 is a little less in doubles
    [InlineData(0.7, 10, 7)]
    [InlineData(0.5, 5, 2)]
    [InlineData(0.999, 5, 4)]
    [InlineData(0.1, 5, 0)]
    public void A_share_is_meant_as_it_is_written(double keep, int pairs, int count)
    {
        RewardFilter filter = new() { Keep = keep };
        Assert.Equal(count, filter.Count(pairs));
        Assert.Equal(count, filter.Kept(new double[pairs]).Length);
    }

    [Fact]
    public void Infinite_margins_are_in_order_and_what_is_no_number_is_refused()
    {
        RewardFilter filter = new() { Keep = 0.5 };
        Assert.Equal([0, 2], filter.Kept([double.PositiveInfinity, double.NegativeInfinity, 3, -3]));
        Assert.Equal([0, 1], new ConfidenceFilter { Keep = 0.5 }.Kept([double.PositiveInfinity, double.NegativeInfinity, 3, -3]));
        Assert.Contains("filter-reward: pair 1 has no margin", Assert.Throws<ArgumentException>(
            () => filter.Kept([0, double.NaN])).Message, StringComparison.Ordinal);
    }

    /// <summary>As the studies' steps have it: what each filter orders by.</summary>
    private static double Margin(FilteredPairs filter, JsonElement pair)
    {
        PairLogProbs logProbs = new(
            pair.Number("pc"), pair.Number("pr"), pair.Number("rc"), pair.Number("rr"), pair.GetProperty("len_c").GetInt32(),
            pair.GetProperty("len_r").GetInt32());
        return filter switch
        {
            ReferenceFilter => logProbs.ReferenceMeanMargin,
            CrossFitFilter => logProbs.Margin,
            _ => pair.Number("reward_c") - pair.Number("reward_r"),
        };
    }
}
