using Goodhart.Alignment.Losses;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class LossCatalogueTests
{
    [Fact]
    public void Every_entry_creates_the_loss_of_its_name() => Assert.All(LossCatalogue.All, entry =>
    {
        AlignmentLoss loss = entry.Create(0.25);
        Assert.Equal((entry.Name, 0.25), (loss.Name, loss.Beta));
        Assert.Equal(entry.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default), loss.Parameters);
        Assert.All([entry.Meaning, entry.Source, entry.BetaMeaning, entry.Formula], text => Assert.NotEqual("", text.Trim()));
    });

    [Fact]
    public void A_parameter_that_is_given_reaches_the_loss() => Every.Of(
        LossRow.All.Where(row => row.Other.Count > 0),
        row => Assert.All(
            row.Other, given => Assert.Equal(given.Value, LossCatalogue.Create(row.Name, 1, row.Other).Parameters[given.Key])));

    [Fact]
    public void Every_parameter_is_tried_off_its_default() => Assert.All(LossCatalogue.OnPairs, entry =>
    {
        LossRow row = LossRow.All.First(row => row.Name == entry.Name);
        Assert.Equal(entry.Parameters.Select(parameter => parameter.Name).Order(), row.Other.Keys.Order());
        Assert.All(entry.Parameters, parameter => Assert.NotEqual(parameter.Default, row.Other[parameter.Name]));
    });

    [Fact]
    public void The_formulas_differ() =>
        Assert.Equal(LossCatalogue.All.Count, LossCatalogue.All.Select(entry => entry.Formula).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void An_unknown_name_lists_the_known_ones() => Assert.StartsWith(
        "unknown loss 'DPO': expected one of dpo, ipo, ipo-code, ",
        Assert.Throws<ArgumentException>(() => LossCatalogue.Create("DPO", 0.1)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_loss_on_single_responses_is_none_on_pairs()
    {
        Assert.Equal(["kto"], LossCatalogue.All.Except(LossCatalogue.OnPairs).Select(entry => entry.Name));
        Assert.Equal(
            "kto is a loss on single responses with labels, and pairs are needed here: kto-pair is KTO on pairs.",
            Assert.Throws<ArgumentException>(() => LossCatalogue.Create("kto", 0.1)).Message);
    }

    [Fact]
    public void Losses_are_equal_by_configuration()
    {
        Assert.Equal(LossCatalogue.Create("dpo", 0.1), new DpoLoss { Beta = 0.1 });
        Assert.NotEqual<PreferenceLoss>(new IpoLoss { Beta = 0.1 }, new IpoCodeLoss { Beta = 0.1 });
    }
}
