using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Goodhart.Cli;
using Goodhart.Serve.Tests.Written;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;

namespace Goodhart.Serve.Tests.Browser;

/// <summary>A study of the paper's size, 315 checkpoints of 105 runs, served by the program itself. Times are told, and not asserted.</summary>
[Trait("Category", "Slow")]
[Collection(Chromium.Collection)]
[SupportedOSPlatform("linux")]
public sealed class LargeStudyTests(Chromium chromium, ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private readonly WrittenStudy study = new(105);

    public Task InitializeAsync() => study.StoreAsync(study.Analysis);

    public async Task DisposeAsync() => Assert.Empty(await chromium.CloseAsync());

    public void Dispose() => study.Dispose();

    [BrowserFact]
    public async Task It_is_drawn_whole_and_served_from_less_than_200_megabytes()
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(GoodhartCommand).Assembly.Location, "serve", study.Folder, "--port", "0"])
        {
            RedirectStandardOutput = true,
        };
        using Process server = Process.Start(start)!;
        try
        {
            string? said = "";
            while (said is not null && !said.Contains("http://", StringComparison.Ordinal))
            {
                said = await server.StandardOutput.ReadLineAsync();
            }

            Uri address = new(Regex.Match(said!, "http://[0-9.:]+/").Value);
            for (int visit = 0; visit < 5; visit++)
            {
                Stopwatch watch = Stopwatch.StartNew();
                IPage page = await chromium.OpenAsync(address);
                await Chromium.WaitForAsync(page, "#part-figure1 .mark.link", 315);
                double drawn = watch.Elapsed.TotalMilliseconds;
                double paint = await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"first paint {paint:0} ms, 315 points {drawn:0} ms from before the tab was opened"));
            }

            using HttpClient client = new();
            string answer = await client.GetStringAsync(new Uri(address, "api/study"));
            Assert.Equal(315 + 2, JsonDocument.Parse(answer).RootElement.GetProperty("points").GetArrayLength());
            Assert.InRange(answer.Length, 100_000, 500_000);
            long most = MostMemory(server.Id);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at most {most / 1e6:0} MB; the answer is {answer.Length} bytes"));
            Assert.InRange(most, 0, 200_000_000);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    /// <summary>Of physical memory so far, bytes.</summary>
    private static long MostMemory(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..]
            .Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
}
