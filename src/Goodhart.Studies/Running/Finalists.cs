using System.Text.Json;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Running;

/// <summary>A study's grid cut down to what did best in a finished one: the best cells of each remedy, and the losses by themselves at
/// every β.</summary>
public static class Finalists
{
    /// <summary>Cells of each remedy, where the study does not say how many it confirms.</summary>
    private const int UsualCells = 3;

    /// <summary>The study with the finalists' grid. A study that was cut down in its folder before keeps that grid: the finished one is not
    /// read again.</summary>
    /// <param name="finished">Folder of the finished study.</param>
    /// <param name="folder">Where the study is to run, there or not.</param>
    /// <exception cref="FileNotFoundException">The finished one is none, or is not finished.</exception>
    /// <exception cref="InvalidDataException">It is no study, has no remedies, or others than this one.</exception>
    public static StudyDefinition Of(StudyDefinition study, string finished, string folder)
    {
        string from = Path.GetFullPath(finished);
        return Known(folder) is { Finalists: { } known } before && known.From == from
            ? study with { Finalists = known, Align = WithGridOf(study.Align, before.Align) }
            : Cut(study, from);
    }

    private static StudyDefinition? Known(string folder)
    {
        string path = Path.Combine(folder, StudyRun.StudyFileName);
        try
        {
            return File.Exists(path) ? StudyJson.Read(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;   // of another version; it is written anew
        }
    }

    private static AlignDefinition WithGridOf(AlignDefinition align, AlignDefinition grid) => align with
    {
        Losses = grid.Losses,
        Betas = grid.Betas,
        Remedies = grid.Remedies,
        Also = grid.Also,
    };

    private static StudyDefinition Cut(StudyDefinition study, string from)
    {
        int cells = study.Evaluate.Confirm?.Cells ?? UsualCells;
        IReadOnlyList<RankedCell> best = Best(from, cells);
        IReadOnlyList<StudyCell> grid = StudyCell.Of(study);
        AlsoDefinition[] plain =
        [
            .. best.Select(cell => cell.Against).Distinct().Select(loss => new AlsoDefinition
            {
                Losses = [grid.FirstOrDefault(cell => cell.Method == loss) is { Loss: not null } named ? named.Loss : loss],
                Parameters = grid.FirstOrDefault(cell => cell.Method == loss).Parameters,
                Betas = BetasOf(grid, loss) is { Length: > 0 } betas ? betas : throw Other(from, loss, grid),
                Remedies = [],
            }),
        ];
        IEnumerable<AlsoDefinition> finalists = best.Where(cell => cell.Method != cell.Against)
            .Select(cell => grid.FirstOrDefault(own => own.Method == cell.Method && own.Beta == cell.Beta) is { Loss: not null } own
                ? own
                : throw Other(from, FormattableString.Invariant($"{cell.Method} at β {cell.Beta}"), grid))
            .GroupBy(own => own.Method).Select(method => new AlsoDefinition
            {
                Losses = [method.First().Loss],
                Betas = [.. method.Select(own => own.Beta).Distinct().Order()],
                Remedies = method.First().Remedies is { } remedies ? [remedies] : [],
                Parameters = method.First().Parameters,
            });
        return study with
        {
            Finalists = new FinalistsDefinition(from, cells),
            Align = study.Align with
            {
                Losses = plain[0].Losses!,
                Betas = plain[0].Betas!,
                Remedies = null,
                Also = [.. plain.Skip(1), .. finalists],
            },
        };
    }

    private static double[] BetasOf(IReadOnlyList<StudyCell> grid, string method) =>
        [.. grid.Where(cell => cell.Method == method).Select(cell => cell.Beta).Distinct()];

    private static RankedCell[] Best(string from, int cells)
    {
        string path = Path.Combine(from, "results.json");
        if (!StudyDirectory.IsOurs(from))
        {
            throw new InvalidDataException($"--finalists {from}: expected the folder of a finished study, which `goodhart study` makes.");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"--finalists {from}: the study is not finished, it has no results.json. `goodhart study --out {from}` goes on with it.");
        }

        StudyResults results = StudyResultsFile.Read(path);
        if (results.Study.Models.Count > 1)
        {
            throw new InvalidDataException(
                $"--finalists {from}: the study has several models "
                    + $"({string.Join(", ", results.Study.Models.Select(model => model.Name))}), whose best cells differ: expected one.");
        }

        RankedCell[] best =
        [
            .. RankedCell.Best(
                [
                    .. results.Points.Where(point => point.WinRate is not null)
                        .Select(point => new EvaluatedCheckpoint(point, new PerPromptOutcomes([point.WinRate!.Value], [point.Kl]))),
                ],
                cells),
        ];
        return best.Length > 0
            ? best
            : throw new InvalidDataException(
                $"--finalists {from}: no remedy has a win rate there; align.remedies of the study names them.");
    }

    private static InvalidDataException Other(string from, string missing, IReadOnlyList<StudyCell> grid) => new(
        $"--finalists {from}: {missing} did best there and is not in this study's grid ({string.Join(", ", grid.Select(cell => cell.Method)
            .Distinct())}): expected a study of the same losses, remedies and betas.");
}
