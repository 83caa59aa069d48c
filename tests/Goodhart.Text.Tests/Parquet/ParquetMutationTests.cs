using System.Text.RegularExpressions;
using Goodhart.Testing;
using Goodhart.Text.Parquet;
using Xunit;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>Damaged files end in a refusal that says where, or in rows: no other exception, no hang, no memory without bound.</summary>
[Trait("Category", "Fuzz")]
public sealed partial class ParquetMutationTests
{
    private const long MaxAllocated = 1L << 30;

    private static readonly string[] Files =
    [
        "arrowrs_base_delta_byte_array_snappy.parquet", "arrowrs_base_delta_length_zstd.parquet", "arrowrs_nulls_v2pages_snappy.parquet",
        "arrowrs_repeated_dict_snappy.parquet", "duckdb_conversations_snappy.parquet", "duckdb_repeated_lz4_raw.parquet",
        "duckdb_repeated_gzip.parquet", "duckdb_repeated_brotli.parquet", "duckdb_repeated_v2_snappy.parquet", "duckdb_empty.parquet",
        "duckdb_base_v2_zstd.parquet", "hyparquet_repeated_dict_uncompressed.parquet",
    ];

    [Fact]
    public void A_damaged_file_works_or_is_refused_with_its_place()
    {
        int perFile = (Fuzz.Mutations + Files.Length - 1) / Files.Length;
        Random random = new(1);
        int refused = 0;
        foreach (string file in Files)
        {
            byte[] original = File.ReadAllBytes(GoldenParquet.PathOf(file));
            for (int i = 0; i < perFile; i++)
            {
                byte[] mutant = Mutations.Of(original, random);
                refused += Fuzz.Refuses<Refusal>(i, mutant, MaxAllocated, Place(), () => Read(mutant)) ? 1 : 0;
            }
        }

        Assert.InRange(refused, Files.Length * perFile / 4, Files.Length * perFile);
    }

    private static void Read(byte[] mutant)
    {
        try
        {
            using ParquetFile parquet = ParquetFile.Open(new MemoryStream(mutant), "mutant");
            foreach (ParquetRow row in parquet.ReadRows())
            {
                Assert.True(row.Number <= parquet.RowCount);
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException)
        {
            throw new Refusal(problem);
        }
    }

    // A row group, column, page or byte, or the part of the file that has no such address.
    [GeneratedRegex(@"^mutant(, (row group|column|page|byte) |: .*(row group|footer|schema|PAR1|bytes))")]
    private static partial Regex Place();

    /// <summary>Either of the two kinds of refusal: damage, and what is not read.</summary>
    private sealed class Refusal(Exception inner) : Exception(inner.Message, inner);
}
