using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Goodhart.Serve.Http;

/// <summary>The policy under which a study's report is shown: no script, no request, and of styles only those that it has.</summary>
internal static partial class ReportPolicy
{
    public static string Of(string page)
    {
        IEnumerable<string> styles = Block().Matches(page).Concat(Attribute().Matches(page))
            .Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)).Distinct()
            .Select(style => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'");
        return $"default-src 'none'; style-src 'unsafe-hashes' {string.Join(' ', styles)}; img-src data: 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(" style=\"([^\"]*)\"")]
    private static partial Regex Attribute();
}
