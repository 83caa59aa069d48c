using System.Net;
using Goodhart.Serve.Tests.Written;
using Xunit;

namespace Goodhart.Serve.Tests.Http;

public sealed class FileTests : IDisposable
{
    private readonly WrittenStudy study = new(1);

    public void Dispose() => study.Dispose();

    [Fact]
    public async Task The_page_and_its_parts_are_there_with_their_types_and_ask_nobody_else()
    {
        await using Browsing browsing = await Browsing.StartAsync(study);
        string page = await ReadAsync(browsing, "/", "text/html");
        string[] parts = ["/inks.css", "/page.css", "/app.js", "/icon.svg"];
        Assert.All(parts, part => Assert.Contains($"\"{part}\"", page, StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)<script(?![^>]*src=)|<style|style=|\\son[a-z]+=\"", page);
        string script = await ReadAsync(browsing, "/app.js", "text/javascript");
        foreach (string name in System.Text.RegularExpressions.Regex.Matches(script, "from \"[.](/[a-z]+[.]js)\"").Select(match => match.Groups[1].Value))
        {
            Assert.DoesNotContain("://", (await ReadAsync(browsing, name, "text/javascript")).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/files/goodhart.json")]
    [InlineData("/files/events.jsonl")]
    [InlineData("/files/.lock")]
    [InlineData("/files/steps")]
    [InlineData("/files/")]
    [InlineData("/files/../../secret.csv")]
    [InlineData("/files/figures/../../secret.csv")]
    [InlineData("/files/figures/%2e%2e/%2e%2e/secret.csv")]
    [InlineData("/files/%2e%2e%2fsecret.csv")]
    [InlineData("/files/..%5csecret.csv")]
    [InlineData("/files//etc/passwd")]
    [InlineData("/files/figures/away/secret.csv")]
    [InlineData("/files/figures/linked.csv")]
    [InlineData("/files/points.csv")]   // a link, here
    [InlineData("/files/report.html%00.csv")]
    [InlineData("/api/step?step=../../secret")]
    [InlineData("/api/curve?step=..%2f..%2fsecret")]
    [InlineData("/api/samples?step=0123456789abcdef&prompt=0")]
    [InlineData("/api/samples?step=0123456789abcdef&prompt=-1")]
    [InlineData("/api/")]
    [InlineData("/index.html")]
    public async Task Nothing_else_is_there(string path)
    {
        string outside = Path.Combine(Path.GetDirectoryName(study.Folder)!, "secret.csv");
        File.WriteAllText(outside, "secret");
        Directory.CreateDirectory(Path.Combine(study.Folder, "figures"));
        File.CreateSymbolicLink(Path.Combine(study.Folder, "figures", "linked.csv"), outside);
        File.CreateSymbolicLink(Path.Combine(study.Folder, "points.csv"), outside);
        await using Browsing browsing = await Browsing.StartAsync(study);
        using HttpResponseMessage response = await browsing.GetAsync(path);
        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {response.StatusCode}");
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_figures_that_is_a_link_is_not_followed()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(study.Folder)!, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "figure1.csv"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(study.Folder, "figures"), elsewhere);
        await using Browsing browsing = await Browsing.StartAsync(study);
        Assert.Equal(HttpStatusCode.NotFound, (await browsing.GetAsync("/files/figures/figure1.csv")).StatusCode);
    }

    [Fact]
    public async Task The_studys_own_files_are_served_as_what_they_are()
    {
        Directory.CreateDirectory(Path.Combine(study.Folder, "figures"));
        File.WriteAllText(Path.Combine(study.Folder, "figures", "figure1.svg"), "<svg/>");
        File.WriteAllText(Path.Combine(study.Folder, "report.html"), "<html><style>a { color: red }</style><p style=\"flex-grow: 3\">x</p></html>");
        await using Browsing browsing = await Browsing.StartAsync(study);
        Assert.Equal("<svg/>", await ReadAsync(browsing, "/files/figures/figure1.svg", "image/svg+xml"));
        await ReadAsync(browsing, "/files/prompts.jsonl", "text/plain");
        Assert.Equal(["report.html", "prompts.jsonl"], (await browsing.JsonAsync("/api/study"))["study"]!["files"]!.AsArray().Select(name => (string?)name));

        using HttpResponseMessage report = await browsing.GetAsync("/files/report.html");
        string policy = Assert.Single(report.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-hashes' 'sha256-", policy, StringComparison.Ordinal);
        Assert.Equal(2, policy.Split("'sha256-").Length - 1);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/api/study")]
    [InlineData("/api/events")]
    [InlineData("/files/prompts.jsonl")]
    [InlineData("/nothing")]
    public async Task Every_answer_is_protected(string path)
    {
        await using Browsing browsing = await Browsing.StartAsync(study);
        using HttpResponseMessage response = await browsing.GetAsync(path);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.False(response.Headers.Contains("Server"));
    }

    private static async Task<string> ReadAsync(Browsing browsing, string path, string type)
    {
        using HttpResponseMessage response = await browsing.GetAsync(path);
        Assert.Equal((path, HttpStatusCode.OK, type), (path, response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        return await response.Content.ReadAsStringAsync();
    }
}
