using System.Reflection;
using Goodhart.Report.Html;

namespace Goodhart.Serve.Http;

/// <summary>A file of the page itself.</summary>
internal sealed record PageFile(string Type, byte[] Content)
{
    private static readonly Assembly Home = typeof(PageFile).Assembly;

    /// <summary>By path. The colours are those of the report.</summary>
    public static IReadOnlyDictionary<string, PageFile> All { get; } = Home.GetManifestResourceNames()
        .ToDictionary(name => name == "index.html" ? "/" : "/" + name, name => new PageFile(TypeOf(name), Read(name)))
        .Append(new("/inks.css", new PageFile(TypeOf("inks.css"), System.Text.Encoding.UTF8.GetBytes(Stylesheet.Inks))))
        .ToDictionary(StringComparer.Ordinal);

    private static byte[] Read(string name)
    {
        using Stream stream = Home.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"{name}: the page has no files of the kind '{other}'."),
    };
}
