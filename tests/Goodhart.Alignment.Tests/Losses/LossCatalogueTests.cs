using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class LossCatalogueTests
{
    [Fact]
    public void Every_entry_creates_the_loss_of_its_name()
    {
        Assert.Equal(["dpo", "ipo", "ipo-code", "slic"], LossCatalogue.All.Select(entry => entry.Name));
        Assert.All(LossCatalogue.All, entry =>
        {
            DirectAlignmentLoss loss = Assert.IsAssignableFrom<DirectAlignmentLoss>(LossCatalogue.Create(entry.Name, 0.25));
            Assert.Equal(entry.Name, loss.Name);
            Assert.Equal(0.25, loss.Beta);
            Assert.True(loss.NeedsReference);
            Assert.False(loss.CouplesBatch);
        });
    }

    [Fact]
    public void The_four_formulas_differ() =>
        Assert.Equal(4, LossCatalogue.All.Select(entry => entry.Create(1).Formula).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void An_unknown_name_lists_the_known_ones() => Assert.StartsWith(
        "unknown loss 'DPO': expected one of dpo, ipo, ipo-code, slic.",
        Assert.Throws<ArgumentException>(() => LossCatalogue.Create("DPO", 0.1)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Losses_are_equal_by_configuration()
    {
        Assert.Equal(LossCatalogue.Create("dpo", 0.1), new DpoLoss { Beta = 0.1 });
        Assert.NotEqual<PreferenceLoss>(new IpoLoss { Beta = 0.1 }, new IpoCodeLoss { Beta = 0.1 });
    }
}
