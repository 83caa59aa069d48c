using Goodhart.Serve.Http;
using Goodhart.Serve.Tests.Written;
using Microsoft.Playwright;
using Xunit;

namespace Goodhart.Serve.Tests.Browser;

public sealed class PictureTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task Shots()
    {
        string? folder = Environment.GetEnvironmentVariable("SHOT_STUDY");
        using WrittenStudy written = new(9);
        await written.StoreAsync([.. written.Sft, .. written.Runs.Take(6).SelectMany(run => run)]);
        await using StudyServer server = await StudyServer.StartAsync(
            new ServeOptions { Directory = folder ?? written.Folder, Port = 0 }, CancellationToken.None);
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            foreach (string view in (string[])["overview", "runs", "graph", "samples", "failures"])
            {
                IPage page = await chromium.OpenAsync(new Uri(server.Address, "#/" + view), scheme);
                await page.WaitForSelectorAsync(".connection.live");
                await page.WaitForTimeoutAsync(700);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = $"/tmp/shots/{view}-{scheme}.png", FullPage = true });
                await page.Context.CloseAsync();
            }
        }

        Assert.Empty(chromium.Errors);
    }
}
