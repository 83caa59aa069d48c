using Goodhart.Text.Parquet;
using Xunit;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>Damaged files end in a refusal that says where, or in rows: no other exception, no hang, no memory without bound.</summary>
public sealed class ParquetMutationTests
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
    public void Some_hundred_mutations() => Run(perFile: 40, seed: 1);

    [Fact]
    [Trait("Category", "Slow")]
    public void Ten_thousand_mutations() => Run(perFile: 834, seed: 2);

    private static void Run(int perFile, int seed)
    {
        Random random = new(seed);
        int refused = 0;
        foreach (string file in Files)
        {
            byte[] original = File.ReadAllBytes(GoldenParquet.PathOf(file));
            for (int i = 0; i < perFile; i++)
            {
                refused += Refused(Mutations.Of(original, random), $"{file}#{i}") ? 1 : 0;
            }
        }

        Assert.InRange(refused, Files.Length * perFile / 4, Files.Length * perFile);
    }

    private static bool Refused(byte[] mutant, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using ParquetFile parquet = ParquetFile.Open(new MemoryStream(mutant), name);
            foreach (ParquetRow row in parquet.ReadRows())
            {
                Assert.True(row.Number <= parquet.RowCount);
            }

            return false;
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException)
        {
            Assert.StartsWith(name, problem.Message, StringComparison.Ordinal);
            return true;
        }
        finally
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocated, $"{name}: {allocated} bytes allocated");
        }
    }
}
