using System.Text.Json.Nodes;
using Goodhart.Serve.Tests.Written;
using Xunit;

namespace Goodhart.Serve.Tests.Http;

public sealed class StreamTests
{
    [Fact]
    public async Task A_change_of_the_folder_is_told_and_nothing_but_it()
    {
        using WrittenStudy study = new(2);
        await study.StoreAsync(study.Sft);
        await using Browsing browsing = await Browsing.StartAsync(study);
        using StreamReader events = await OpenAsync(browsing, "/api/events");
        (string id, JsonNode first) = await NextAsync(events);
        Assert.NotEmpty(id);
        Assert.True((bool)first["isWhole"]!);
        Assert.Equal(31, first["steps"]!.AsArray().Count);

        await study.StoreAsync(study.Runs[0][0]);
        (id, HashSet<string?> changed) = await ReadToAsync(events, "dpo");
        Assert.Contains(study.Runner.KeyOf(study.Runs[0][0]), changed);
        Assert.Equal(4, changed.Count);

        // Who comes again with what he knows is told the rest only: maybe that a step whose artifact he knew has said that it is done.
        await study.StoreAsync(study.Runs[1][0]);
        using StreamReader again = await OpenAsync(browsing, "/api/events", ("Last-Event-ID", id));
        (_, HashSet<string?> rest) = await ReadToAsync(again, "ipo");
        rest.ExceptWith(changed);
        Assert.Contains(study.Runner.KeyOf(study.Runs[1][0]), rest);
        Assert.Equal(4, rest.Count);
    }

    [Fact]
    public async Task Who_comes_from_an_earlier_server_is_told_everything()
    {
        using WrittenStudy study = new(1);
        string id;
        await using (Browsing earlier = await Browsing.StartAsync(study))
        {
            using StreamReader events = await OpenAsync(earlier, "/api/events");
            (id, _) = await NextAsync(events);
        }

        await using Browsing later = await Browsing.StartAsync(study);
        using StreamReader again = await OpenAsync(later, "/api/events?have=" + id);
        Assert.True((bool)(await NextAsync(again)).Data["isWhole"]!);
        using StreamReader garbled = await OpenAsync(later, "/api/events?have=1.2.3.4");
        Assert.True((bool)(await NextAsync(garbled)).Data["isWhole"]!);
    }

    private static async Task<StreamReader> OpenAsync(Browsing browsing, string path, params (string, string)[] headers)
    {
        HttpResponseMessage response = await browsing.GetAsync(path, headers);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads changes up to a checkpoint of a loss; on the way keys of steps that became done.</summary>
    private static async Task<(string Id, HashSet<string?> Done)> ReadToAsync(StreamReader events, string loss)
    {
        HashSet<string?> done = [];
        while (true)
        {
            (string id, JsonNode next) = await NextAsync(events);
            Assert.False((bool)next["isWhole"]!);
            done.UnionWith(next["steps"]!.AsArray().Where(step => (string?)step!["state"] == "done").Select(step => (string?)step!["key"]));
            if (next["points"]!.AsArray().Any(point => (string?)point!["loss"] == loss))
            {
                return (id, done);
            }
        }
    }

    private static async Task<(string Id, JsonNode Data)> NextAsync(StreamReader events)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));
        string id = "";
        while (await events.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, JsonNode.Parse(line[6..])!);
            }
        }

        throw new InvalidOperationException("the stream has ended");
    }
}
