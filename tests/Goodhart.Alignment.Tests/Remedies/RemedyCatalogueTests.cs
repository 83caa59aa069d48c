using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

public sealed class RemedyCatalogueTests
{
    private static readonly DpoLoss Dpo = new() { Beta = 0.1 };

    public static TheoryData<string> Names => [.. RemedyCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_entry_creates_the_remedy_of_its_name(string name)
    {
        RemedyEntry entry = RemedyCatalogue.Find(name);
        Remedy remedy = entry.Create();
        Assert.Equal((name, entry.Kind, entry.Formula), (remedy.Name, remedy.Kind, remedy.Formula));
        Assert.Equal(entry.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default), remedy.Parameters);
        Assert.All([entry.Meaning, entry.Source, entry.Formula], text => Assert.NotEqual("", text.Trim()));
        remedy.Require(remedy is EstimatedSmoothing ? LossCatalogue.Create("cdpo", 0.1) : Dpo, 64);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_reaches_the_remedy_and_is_checked(string name)
    {
        RemedyEntry entry = RemedyCatalogue.Find(name);
        foreach (LossParameter parameter in entry.Parameters)
        {
            double other = parameter.Range.IsWhole ? parameter.Default + 1 : 0.9 * parameter.Default;
            Assert.Equal(other, entry.Create(new Dictionary<string, double> { [parameter.Name] = other }).Parameters[parameter.Name]);
            double[] bad = [double.NaN, parameter.Range.High, parameter.Range.IncludesLow ? parameter.Range.Low - 1 : parameter.Range.Low];
            Assert.All(parameter.Range.IsWhole ? [1.5, .. bad] : bad, value => Assert.StartsWith(
                $"{name}: expected {parameter.Name} {parameter.Range.Text}, got ",
                Assert.Throws<ArgumentException>(() => entry.Create(new Dictionary<string, double> { [parameter.Name] = value })).Message,
                StringComparison.Ordinal));
        }

        Assert.StartsWith(
            $"{name} has no parameter 'gama': expected ",
            Assert.Throws<ArgumentException>(() => entry.Create(new Dictionary<string, double> { ["gama"] = 1 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_formulas_and_names_differ()
    {
        Assert.Equal(
            RemedyCatalogue.All.Count, RemedyCatalogue.All.Select(entry => entry.Formula).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(RemedyCatalogue.All.Count, RemedyCatalogue.All.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones() => Assert.StartsWith(
        "unknown remedy 'IS': expected one of is-daa, wpo, ",
        Assert.Throws<ArgumentException>(() => RemedyCatalogue.Find("IS")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_run_takes_one_remedy_of_a_kind()
    {
        RemedyPlan plan = Of(Dpo, "tr-dpo", "wpo", "beta-dpo", "ld-dpo");
        Assert.Equal("dpo+wpo+ld-dpo+beta-dpo+tr-dpo", plan.NameOf(Dpo));
        Assert.True(plan.NeedsReferenceModel);
        Assert.Equal(
            "expected one remedy for the weights of pairs, found is-daa and wpo: leave one out. (Parameter 'remedies')",
            Assert.Throws<ArgumentException>(() => Of(Dpo, "is-daa", "wpo")).Message);
        Assert.Equal("dpo", Of(Dpo).NameOf(Dpo));
        Assert.False(Of(Dpo, "is-daa").NeedsReferenceModel);
    }

    [Theory]
    [InlineData("aot", "is-daa", "a term of aot depends on the other pairs")]
    [InlineData("kto-pair", "beta-dpo", "a term of kto-pair depends on the other pairs")]
    [InlineData("simpo", "tr-dpo", "simpo has none")]
    [InlineData("cpo", "epsilon-dpo", "cpo has none")]
    [InlineData("dpo", "smoothing-reward", "dpo takes none: choose cdpo or robust-dpo")]
    public void A_loss_that_a_remedy_cannot_act_on_is_refused(string loss, string remedy, string why) => Assert.Contains(
        why, Assert.Throws<ArgumentException>(() => Of(LossCatalogue.Create(loss, 0.1), remedy)).Message, StringComparison.Ordinal);

    private static RemedyPlan Of(PreferenceLoss loss, params string[] names) =>
        RemedyPlan.Of([.. names.Select(name => RemedyCatalogue.Find(name).Create())], loss, 64);
}
