#:property PublishAot=false
using System.Text.Json;

// Checks what the quick study left behind: complete, finite, and showing what it must show. Exits 1 with the reason if not.
string folder = args[0];
List<string> problems = [];
foreach (string file in (string[])["report.html", "results.json", "points.csv", "study.json", "figures/figure1.svg", "figures/figure1.csv"])
{
    Require(File.Exists(Path.Combine(folder, file)), $"{file} is missing");
}

using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json")));
JsonElement root = document.RootElement;
JsonElement[] points = [.. root.GetProperty("points").EnumerateArray()];
Require(root.GetProperty("schemaVersion").GetInt32() == 1, "schemaVersion is not 1");
Require(
    points.Length == 77, $"expected 77 points (SFT, 3 losses × 4 β × 5 checkpoints, 2 PPO runs × 5, best of 6 n), found {points.Length}");
double sft = 0;
foreach (JsonElement point in points)
{
    double kl = point.GetProperty("kl").GetDouble();
    double winRate = point.GetProperty("winRate").GetDouble();
    Require(double.IsFinite(kl) && kl >= 0, $"KL {kl}");
    Require(winRate is >= 0 and <= 1, $"win rate {winRate}");
    Require(point.GetProperty("winRateSe").GetDouble() is > 0 and < 0.1, "a win rate without a plausible standard error");
    if (point.GetProperty("loss").GetString() == "")
    {
        sft = winRate;
        Require(kl == 0, "the SFT model is not at KL 0");
    }
    else if (point.GetProperty("klK1").ValueKind == JsonValueKind.Number)
    {
        // k1 and the exact sum estimate the same divergence.
        double k1 = point.GetProperty("klK1").GetDouble();
        double error = point.GetProperty("klK1Se").GetDouble() + point.GetProperty("klSe").GetDouble();
        Require(Math.Abs(k1 - kl) <= 6 * error, $"k1 {k1:F3} and the exact sum {kl:F3} differ by more than noise ({error:F3})");
    }
}

foreach (string loss in (string[])["dpo", "ipo", "slic"])
{
    JsonElement[] runs = [.. points.Where(point => point.GetProperty("loss").GetString() == loss)];
    double best = runs.Max(point => point.GetProperty("winRate").GetDouble());
    Require(best > sft + 0.05, $"{loss}: best win rate {best:F3} is not above the SFT model's {sft:F3}");
    JsonElement[] final = [.. runs.Where(point => point.GetProperty("fraction").GetDouble() == 1)
        .OrderBy(point => point.GetProperty("beta").GetDouble())];
    Require(
        final[0].GetProperty("kl").GetDouble() > final[^1].GetProperty("kl").GetDouble(), $"{loss}: KL does not fall as β rises");
}

JsonElement[] ofN = [.. points.Where(point => point.GetProperty("loss").GetString() == "best-of-n")];
double[] proxy = [.. ofN.Select(point => point.GetProperty("proxyReward").GetDouble())];
Require(proxy.Zip(proxy.Skip(1)).All(pair => pair.First < pair.Second), "best-of-n: the proxy reward does not rise with n");
Require(
    points.Where(point => point.GetProperty("loss").GetString() == "ppo").Max(point => point.GetProperty("proxyReward").GetDouble()) > 0.1,
    "ppo: the proxy reward does not rise");
Require(root.GetProperty("forecasts").GetProperty("backTest").GetArrayLength() >= 5, "fewer than 5 rules in the back-test");
Require(new FileInfo(Path.Combine(folder, "report.html")).Length < 5_000_000, "the report is larger than 5 MB");
Require(root.GetProperty("fits").GetArrayLength() >= 9, "fewer than 9 fits");
Require(
    File.ReadAllText(Path.Combine(folder, "figures/figure5.svg")).Contains(">Eq. (5)<", StringComparison.Ordinal), "figure 5 draws no law");
Require(root.GetProperty("claims").GetArrayLength() >= 10, "fewer than 10 claims");
Require(
    !File.ReadAllText(Path.Combine(folder, "report.html")).Contains("src=\"http", StringComparison.Ordinal), "the report asks the network");

Console.WriteLine(problems.Count == 0 ? $"quick study: {points.Length} points, all checks passed" : string.Join('\n', problems));
return problems.Count == 0 ? 0 : 1;

void Require(bool condition, string problem)
{
    if (!condition)
    {
        problems.Add(problem);
    }
}
