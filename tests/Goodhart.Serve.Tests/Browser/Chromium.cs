using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Goodhart.Serve.Tests.Browser;

/// <summary>The system's Chromium: one for all tests, which take turns and close what they opened.</summary>
[CollectionDefinition(Collection)]
public sealed class Chromium : IAsyncLifetime, ICollectionFixture<Chromium>
{
    /// <summary>Of the classes that use it.</summary>
    public const string Collection = "Chromium";

    private readonly List<string> errors = [];
    private IPlaywright? driver;
    private IBrowser? browser;

    /// <summary>Milliseconds: long, since the machine may be busy; a test that waits in vain fails by it.</summary>
    private const int Patience = 300_000;

    /// <summary>Null: there is none.</summary>
    public static string? Program { get; } = ((string?[])[Environment.GetEnvironmentVariable("GOODHART_CHROMIUM"), "/usr/bin/chromium"])
        .FirstOrDefault(File.Exists);

    /// <summary>Where there has to be one, its absence fails the tests; elsewhere they say that they were left out.</summary>
    public static bool IsRequired { get; } = Environment.GetEnvironmentVariable("GOODHART_BROWSER") == "required";

    public async Task InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        driver = await Playwright.CreateAsync();
        browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        driver?.Dispose();
    }

    /// <summary>A page of its own, which fails the test for any error of the page's script.</summary>
    public async Task<IPage> OpenAsync(Uri address, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.True(browser is not null, "There is no Chromium at /usr/bin/chromium: apt-get install chromium, or name it in GOODHART_CHROMIUM.");
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        IPage page = await context.NewPageAsync();
        page.PageError += (_, error) => Add(error);
        page.Console += (_, message) =>
        {
            // A server that is stopped for a test cannot be reached, and what the page asks of a step that is not there is answered so.
            if (message.Type == "error" && !message.Text.Contains("net::ERR_", StringComparison.Ordinal))
            {
                Add(message.Text);
            }
        };
        await page.GotoAsync(address.AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        return page;
    }

    /// <summary>Waits until the page has so many elements of a kind. (A function of the page's own would be refused by its policy.)</summary>
    public static Task WaitForAsync(IPage page, string selector, int count) => Assertions.Expect(page.Locator(selector))
        .ToHaveCountAsync(count);

    /// <summary>Waits for an address: what a click changes, the driver hears of later than the page itself.</summary>
    public static Task WaitForAddressAsync(IPage page, string end) => Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(end) + "$"));

    /// <summary>Closes all pages, since one that is left goes on asking for a server of the past.</summary>
    /// <returns>What they complained of, refused styles and scripts too.</returns>
    public async Task<string[]> CloseAsync()
    {
        foreach (IBrowserContext context in browser?.Contexts.ToArray() ?? [])
        {
            await context.CloseAsync();
        }

        lock (errors)
        {
            string[] taken = [.. errors];
            errors.Clear();
            return taken;
        }
    }

    private void Add(string error)
    {
        lock (errors)
        {
            errors.Add(error);
        }
    }
}

/// <summary>A test that needs Chromium.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Program is null && !Chromium.IsRequired)
        {
            Skip = "No Chromium here: apt-get install chromium.";
        }
    }
}
