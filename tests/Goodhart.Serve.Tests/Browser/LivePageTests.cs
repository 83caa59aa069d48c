using System.Text.RegularExpressions;
using Goodhart.Serve.Http;
using Goodhart.Serve.Tests.Written;
using Microsoft.Playwright;
using Xunit;

namespace Goodhart.Serve.Tests.Browser;

[Collection(Chromium.Collection)]
public sealed class LivePageTests(Chromium chromium) : IAsyncLifetime, IDisposable
{
    private const string Marks = "#part-figure1 .mark.link";

    private readonly WrittenStudy study = new(9);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => Assert.Empty(await chromium.CloseAsync());

    public void Dispose() => study.Dispose();

    [BrowserFact]
    public async Task The_page_follows_the_study_by_itself()
    {
        await study.StoreAsync([.. study.Sft, study.Runs[0][0]]);
        await using StudyServer server = await StartAsync();
        IPage page = await chromium.OpenAsync(server.Address);
        await page.WaitForSelectorAsync(".connection.live");
        await Chromium.WaitForAsync(page, Marks, 1);

        await study.StoreAsync(study.Runs[0][1], study.Runs[1][0]);
        await Chromium.WaitForAsync(page, Marks, 3);
        Assert.Equal(2, await page.Locator("#part-figure1 .panel:has(.mark.link)").CountAsync());
        await study.StoreAsync(study.Analysis);
        await Chromium.WaitForAsync(page, Marks, 27);
        await page.WaitForSelectorAsync(".run-state.done");
        Assert.Equal(3, await page.Locator("#part-figure1 .line.dotted").CountAsync() - 1);   // one stands in the legend
    }

    [BrowserFact]
    public async Task A_failure_comes_with_its_reason_and_who_waits_for_it()
    {
        using WrittenStudy failing = new(1, _ => throw new InvalidDataException("the optimizer diverged at update 27"));
        await using StudyServer server = await StartAsync(failing);
        IPage page = await chromium.OpenAsync(new Uri(server.Address, "#/failures"));
        await page.GetByText("Nothing has failed.").WaitForAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => failing.StoreAsync(failing.Analysis));
        await page.GetByText("the optimizer diverged at update 27").First.WaitForAsync();
        await page.GetByText("8 other steps wait for it").WaitForAsync();
        Assert.Equal("Failures 1", await page.Locator("#view-failures").TextContentAsync());
    }

    [BrowserFact]
    public async Task Filters_stand_in_the_address_and_a_link_brings_them_back()
    {
        await study.StoreAsync(study.Analysis);
        await using StudyServer server = await StartAsync();
        IPage page = await chromium.OpenAsync(server.Address);
        await Chromium.WaitForAsync(page, Marks, 27);
        await page.GetByLabel("ipo", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await Chromium.WaitForAsync(page, Marks, 9);
        await page.GetByLabel("0.1", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await page.GetByLabel("100 %", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await Chromium.WaitForAsync(page, Marks, 1);
        await Chromium.WaitForAddressAsync(page, "#/overview?loss=ipo&beta=0.1&at=1");

        IPage other = await chromium.OpenAsync(new Uri(page.Url));
        await Chromium.WaitForAsync(other, Marks, 1);
        Assert.True(await other.GetByLabel("ipo", new PageGetByLabelOptions { Exact = true }).IsCheckedAsync());
        await other.Locator("#view-runs").ClickAsync();
        await Chromium.WaitForAsync(other, "#runs-table tbody tr", 1);
        await other.Locator("#all").ClickAsync();
        await Chromium.WaitForAsync(other, "#runs-table tbody tr", 9);
        await Chromium.WaitForAddressAsync(other, "#/runs");
    }

    [BrowserFact]
    public async Task A_control_that_is_pressed_while_the_study_goes_on_still_hears_of_it()
    {
        await study.StoreAsync([.. study.Sft, study.Runs[0][0], study.Runs[1][0]]);
        await using StudyServer server = await StartAsync();
        IPage page = await chromium.OpenAsync(server.Address);
        await Chromium.WaitForAsync(page, Marks, 2);
        await page.Locator("#filter-loss-ipo").FocusAsync();   // which the press takes away
        LocatorBoundingBoxResult box = (await page.Locator("#filter-loss-dpo").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.Mouse.DownAsync();
        await study.StoreAsync(study.Runs[0][1]);   // adds a choice of checkpoint: the filters are drawn anew
        await Assertions.Expect(page.Locator("#progress")).ToContainTextAsync("18 of");
        Assert.Equal(2, await page.Locator(Marks).CountAsync());
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator("#filter-loss-dpo")).ToBeCheckedAsync();
        await Chromium.WaitForAddressAsync(page, "#/overview?loss=dpo");
        await Assertions.Expect(page.Locator("#part-figure1 .panel:has(.mark.link)")).ToHaveCountAsync(1);
        await Chromium.WaitForAsync(page, Marks, 2);
    }

    [BrowserFact]
    public async Task A_deep_link_opens_samples_side_by_side_and_text_stays_text()
    {
        await study.StoreAsync([.. study.Sft, .. study.Runs[0]]);
        await using StudyServer server = await StartAsync();
        string a = study.Runner.KeyOf(study.Runs[0][0]);
        string b = study.Runner.KeyOf(study.Runs[0][2]);
        IPage page = await chromium.OpenAsync(new Uri(server.Address, $"#/samples?prompt=1&a={a}&b={b}"));
        await Chromium.WaitForAsync(page, ".sample", 4);
        Assert.Equal("And <script>alert(1)</script>?", await page.Locator(".post .text").TextContentAsync());
        Assert.Equal(
            ["The data’s response", "SFT S", "A: dpo β=0.05 S, 25 %", "B: dpo β=0.05 S, 100 %"], await page.Locator(".sample h3").AllTextContentsAsync());
        Assert.Contains("says 20.0 <b>&", await page.Locator(".sample").Nth(2).TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("✗ loses to the data’s", await page.Locator(".sample").Nth(2).TextContentAsync(), StringComparison.Ordinal);
        await page.Locator("#sample").FillAsync("2");
        await page.Locator("#sample").PressAsync("Enter");
        await page.GetByText("= tie with the data’s").First.WaitForAsync();
        await page.Locator("#next").ClickAsync();
        await page.GetByText("Who?", new PageGetByTextOptions { Exact = true }).WaitForAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("prompt=2"));
    }

    [BrowserFact]
    public async Task A_run_has_its_alarm_with_what_that_is_worth_and_it_grows_with_the_run()
    {
        await study.StoreAsync([.. study.Sft, study.Runs[0][0]]);
        await using StudyServer server = await StartAsync();
        IPage page = await chromium.OpenAsync(new Uri(server.Address, "#/run?model=S&of=dpo&b=0.05&s=0"));
        await Chromium.WaitForAsync(page, "#alarm .panel .mark", 1);
        await page.GetByText("of the checkpoints before the peak.").WaitForAsync();
        await study.StoreAsync(study.Runs[0][1]);
        await Chromium.WaitForAsync(page, "#alarm .panel .mark", 2);
        await Assertions.Expect(page.Locator("#alarm")).ToContainTextAsync("At 50 % the alarm gives ");
    }

    [BrowserFact]
    public async Task A_server_that_starts_anew_is_found_again_with_what_has_happened_since()
    {
        await study.StoreAsync([.. study.Sft, study.Runs[0][0]]);
        StudyServer first = await StartSomewhereAsync();
        IPage page = await chromium.OpenAsync(first.Address);
        await Chromium.WaitForAsync(page, Marks, 1);
        await first.DisposeAsync();
        await page.WaitForSelectorAsync(".connection.reconnecting");
        await study.StoreAsync(study.Runs[0][1]);
        await using StudyServer second = await StartAsync(study, first.Address.Port);
        await page.WaitForSelectorAsync(".connection.live");
        await Chromium.WaitForAsync(page, Marks, 2);
        await Assertions.Expect(page.Locator("#connection")).ToHaveTextAsync("live");
    }

    /// <summary>At a port that the system gives to nobody who asks for any, so that it is free still when the next server wants it.</summary>
    private async Task<StudyServer> StartSomewhereAsync()
    {
        for (int port = 20_000 + (Environment.ProcessId % 10_000); ; port++)
        {
            try
            {
                return await StartAsync(study, port);
            }
            catch (InvalidDataException) when (port < 32_000)
            {
                // Somebody is there; the next one.
            }
        }
    }

    private Task<StudyServer> StartAsync(WrittenStudy? shown = null, int port = 0) => StudyServer.StartAsync(
        new ServeOptions { Directory = (shown ?? study).Folder, Port = port, Interval = TimeSpan.FromMilliseconds(50) }, CancellationToken.None);
}
