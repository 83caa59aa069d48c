using Goodhart.Hub.Cards;
using Xunit;

namespace Goodhart.Hub.Tests.Cards;

/// <summary>The text of a card, and what is read of another's.</summary>
public sealed class CardTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-card").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Metadata_are_yaml_and_only_what_is_known()
    {
        ModelCard card = new("T", "S.")
        {
            Tags = ["goodhart", "3.0", "true", "a: b"], BaseModels = ["a/b", "c/d"], Relation = "merge",
            License = new CardLicense("other", "my licence: 1", "LICENSE"),
        };
        Assert.StartsWith(
            """
            ---
            license: other
            license_name: "my licence: 1"
            license_link: LICENSE
            library_name: transformers
            pipeline_tag: text-generation
            base_model:
            - a/b
            - c/d
            base_model_relation: merge
            tags:
            - goodhart
            - "3.0"
            - "true"
            - "a: b"
            ---

            """.ReplaceLineEndings("\n"),
            card.Text(), StringComparison.Ordinal);
        Assert.StartsWith(
            "---\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n",
            new ModelCard("T", "S.").Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_stay_in_their_table() => Assert.Contains(
        "\n## H\n\nLead.\n\n| | |\n|---|---|\n| a\\|b | c d |\n",
        new ModelCard("T", "S.")
        {
            Sections = [new CardSection("H", [("a|b", "c\nd")], "Lead."), new CardSection("Empty", [])],
        }.Text(), StringComparison.Ordinal);

    [Fact]
    public void What_a_card_says_is_known_of_what_is_made_from_it()
    {
        ModelCard card = new("T", "S.") { BaseModels = ["a/b"], License = new CardLicense("mit") };
        Assert.True(card.Write(folder));
        CardSource source = CardSource.Of(folder);
        Assert.Equal(("a/b", new CardLicense("mit")), (source.HubIds.Single(), source.License));
        Assert.EndsWith("/" + Path.GetFileName(folder), source.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_is_replaced_by_a_whole_one()
    {
        string path = Path.Combine(folder, ModelCard.FileName);
        new ModelCard("Old", "S.").Write(folder);
        using (StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)))
        {
            new ModelCard("New", "S.").Write(folder);
            Assert.Contains("# Old", reader.ReadToEnd(), StringComparison.Ordinal);   // who reads meanwhile reads one of the two
        }

        Assert.Contains("# New", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_checkpoint_is_what_its_run_says()
    {
        new ModelCard("T", "S.") { BaseModels = ["a/b"], License = new CardLicense("mit") }
            .Write(Directory.CreateDirectory(Path.Combine(folder, "model")).FullName);
        CardSource source = CardSource.Of(Directory.CreateDirectory(Path.Combine(folder, "checkpoints", "step-3")).FullName);
        Assert.Equal(("a/b", new CardLicense("mit")), (source.HubIds.Single(), source.License));
        Assert.Equal("checkpoints/step-3", source.Place);
    }

    [Theory]
    [InlineData("# no head")]
    [InlineData("---\na: [b\n---\n")]
    [InlineData("---\n- a\n---\n")]
    [InlineData("---\nlicense: [mit]\n---\n")]
    public void Another_readme_says_nothing_and_stays(string text)
    {
        string path = Path.Combine(folder, ModelCard.FileName);
        File.WriteAllText(path, text);
        CardSource source = CardSource.Of(folder);
        Assert.Empty(source.HubIds);
        Assert.Null(source.License);
        Assert.False(new ModelCard("T", "S.").Write(folder));
        Assert.Equal(text, File.ReadAllText(path));
    }
}
