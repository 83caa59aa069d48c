using System.Globalization;
using System.IO.Compression;
using Goodhart.Hub.Names;
using Goodhart.Hub.Pulling;
using Goodhart.Hub.Requests;
using Goodhart.Testing.Hub;
using Xunit;

namespace Goodhart.Hub.Tests.Pulling;

/// <summary>Pulls that do not go through at once.</summary>
public sealed class InterruptedPullTests : IDisposable
{
    private const int Length = 5000;

    private readonly PullFixture hub = new();
    private readonly byte[] weights = PullFixture.Bytes(Length);
    private int asked;

    public InterruptedPullTests()
    {
        hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny")).Commit(PullFixture.Model(Length));    }

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task A_cut_file_goes_on_where_it_was()
    {
        Weights((request, answer, number) => number < 3 ? answer with { CutAfter = 1000 } : answer);
        await PulledAsync();
        Assert.Equal(["0", "1000", "2000", "3000"], Ranges());
        Assert.Equal([1, 1, 1], hub.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task So_does_a_file_that_another_run_left()
    {
        using CancellationTokenSource cancel = new();
        Weights((request, answer, number) => answer with { CutAfter = 1500, Hangs = true });
        Task<PullResult> first = hub.PullAsync("someone/tiny", cancel: cancel.Token);
        string partial = hub.InCache("models--someone--tiny", "blobs", HubRepository.HashOf(PullFixture.Weights, weights) + ".incomplete");
        while (!File.Exists(partial) || new FileInfo(partial).Length < 1500)
        {
            await Task.Delay(5);
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(Directory.Exists(hub.InCache("models--someone--tiny", "refs")));
        hub.Server.Change = (_, answer) => answer;
        hub.Server.Forget();
        await PulledAsync();
        Assert.Equal(["1500"], Ranges());
        Assert.Contains("fetching model.safetensors 1500/5000", hub.Told);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(416)]
    public async Task A_range_that_is_not_given_begins_again(int status)
    {
        Leave(weights[..700]);
        Weights(
            (request, answer, number) => request.From is null
                ? answer
                : status == 200
                ? new HubAnswer(200, weights)
                : new HubAnswer(416, ""));
        await PulledAsync();
        Assert.Equal(status == 200 ? ["700"] : ["700", "0"], Ranges());
    }

    [Theory]
    [InlineData(700)]
    [InlineData(Length)]
    [InlineData(Length + 1)]
    public async Task What_is_left_of_another_file_is_not_used(int length)
    {
        Leave(new byte[length]);
        await PulledAsync();
        Assert.Equal("0", Ranges()[^1]);
    }

    [Fact]
    public async Task A_whole_file_that_was_not_renamed_is_not_fetched_again()
    {
        Leave(weights);
        await PulledAsync();
        Assert.Empty(Ranges());
    }

    [Theory]
    [InlineData(PullFixture.Weights, "/xet/")]
    [InlineData("config.json", "/resolve-cache/models/someone/tiny/")]
    public async Task Wrong_bytes_of_the_right_length_are_refused(string path, string place)
    {
        hub.Server.Change = (request, answer) => request.Path.Contains(place, StringComparison.Ordinal)
            && (path == PullFixture.Weights || request.Path.EndsWith(path, StringComparison.Ordinal))
            ? answer with { Body = [.. answer.Body[..^1], (byte)(answer.Body[^1] + 1)] }
            : answer;
        HubUnavailableException wrong = await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("someone/tiny"));
        Assert.Contains(
            $"{path}: expected the hash {HubRepository.HashOf(path, PullFixture.Model(Length)[path])}, found",
            wrong.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            hub.Cache(),
            line => line.Contains("incomplete", StringComparison.Ordinal) || line.Contains("/refs/", StringComparison.Ordinal)
                || line.Contains($"/{path} ", StringComparison.Ordinal));
        hub.Server.Change = (_, answer) => answer;
        await PulledAsync();
    }

    [Fact]
    public async Task More_than_the_file_is_refused()
    {
        Weights((request, answer, number) => answer with { Body = [.. answer.Body, 1] });
        Assert.Contains(
            "expected 5000 bytes, found more",
            (await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("someone/tiny"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_link_is_asked_for_anew()
    {
        Weights((request, answer, number) => number == 0 ? new HubAnswer(403, "expired") : answer);
        await PulledAsync();
        Assert.Equal(
            2,
            hub.Server.Requests.Count(
                request => request.Path.EndsWith("/resolve/" + Commit() + "/model.safetensors", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Packed_text_is_unpacked()
    {
        hub.Server.Change = (request, answer) => request.Path.EndsWith("config.json", StringComparison.Ordinal) && answer.Status == 200
            ? (answer with { Body = Gzip(answer.Body), WithoutLength = true }).With("Content-Encoding", "gzip")
            : answer;
        string snapshot = await PulledAsync();
        Assert.Equal(PullFixture.Model()["config.json"], File.ReadAllBytes(Path.Combine(snapshot, "config.json")));
    }

    [Theory]
    [InlineData(429, "RateLimit", "\"resolvers\";r=0;t=55", 56)]
    [InlineData(429, "RateLimit", "\"resolvers\";r=3;t=55", 1)]
    [InlineData(429, "Retry-After", "7", 7)]
    [InlineData(429, "X-Other", "7", 1)]
    [InlineData(503, "Retry-After", "7", 1)]
    [InlineData(408, "X-Other", "7", 1)]
    public async Task What_may_pass_is_waited_for(int status, string header, string value, int seconds)
    {
        Weights((request, answer, number) => number == 0 ? new HubAnswer(status, "").With(header, value) : answer);
        await PulledAsync();
        Assert.Equal([seconds], hub.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Contains(hub.Told, line => line.Contains($"answers {status}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(429, "limits its rate")]
    [InlineData(503, "answers 503")]
    public async Task What_does_not_pass_is_told_after_six_tries(int status, string says)
    {
        hub.Server.Change = (request, answer) => new HubAnswer(status, "");
        HubUnavailableException down = await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("someone/tiny"));
        Assert.Contains(says, down.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8, 8], hub.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Equal(6, hub.Server.Requests.Count);
    }

    [Fact]
    public async Task A_silent_hub_is_given_up()
    {
        Weights((request, answer, number) => number == 0 ? answer with { CutAfter = 10, Hangs = true } : answer);
        hub.Settings = hub.Settings with { TimeoutText = "1" };
        await PulledAsync();
        Assert.Equal("0", Ranges()[0]);
        Assert.Contains("10", Ranges());
    }

    [Fact]
    public async Task An_error_that_stops_in_the_middle_is_told_without_its_text()
    {
        hub.Server.Change = (_, _) => (new HubAnswer(404, "{\"error\": \"x\"}") { CutAfter = 3, Hangs = true })
            .With("Content-Type", "application/json");
        hub.Settings = hub.Settings with { TimeoutText = "3" };
        HubRefusedException refused = await Assert.ThrowsAsync<HubRefusedException>(
            () => hub.PullAsync("someone/tiny").WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Contains("has no model someone/tiny", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_that_another_program_fetches_is_waited_for()
    {
        string hash = HubRepository.HashOf(PullFixture.Weights, weights);
        string place = hub.InCache(".locks", "models--someone--tiny", hash + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        Task<PullResult> pull;
        await using (FileStream held = new(place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            pull = hub.PullAsync("someone/tiny");
            while (!hub.Told.ToArray().Contains("model.safetensors: another program fetches it"))
            {
                await Task.Delay(5);
            }

            Assert.Empty(Ranges());
            File.WriteAllBytes(hub.InCache("models--someone--tiny", "blobs", hash), weights);   // the other one is done
        }

        await pull;
        Assert.Empty(Ranges());
        Assert.True(File.Exists(place));
    }

    private async Task<string> PulledAsync()
    {
        string snapshot = (await hub.PullAsync("someone/tiny")).Snapshot.Path;
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(snapshot, PullFixture.Weights)));
        Assert.DoesNotContain(hub.Cache(), line => line.Contains("incomplete", StringComparison.Ordinal));
        return snapshot;
    }

    private string Commit() => File.ReadAllText(hub.InCache("models--someone--tiny", "refs", "main"));

    /// <summary>What the storage was asked for, as first bytes.</summary>
    private string[] Ranges() =>
        [.. hub.Server.Requests.Where(IsWeights).Select(request => (request.From ?? 0).ToString(CultureInfo.InvariantCulture))];

    /// <param name="change">With how often the weights were asked for before.</param>
    private void Weights(Func<HubRequest, HubAnswer, int, HubAnswer> change) =>
        hub.Server.Change = (request, answer) => IsWeights(request) ? change(request, answer, asked++) : answer;

    private static bool IsWeights(HubRequest request) => request.Path.StartsWith("/xet/", StringComparison.Ordinal);

    private void Leave(byte[] partial)
    {
        string blobs = Directory.CreateDirectory(hub.InCache("models--someone--tiny", "blobs")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, HubRepository.HashOf(PullFixture.Weights, weights) + ".incomplete"), partial);
    }

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
