using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class CheckpointFilesTests : IDisposable
{
    private static readonly TensorSpec[] Tensors =
        [.. Enumerable.Range(0, 5).Select(i => new TensorSpec(new string('t', i + 1), new TensorShape(10)))];

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(1000, 1), InlineData(200, 1), InlineData(199, 2), InlineData(80, 3), InlineData(40, 5), InlineData(1, 5)]
    public void Shards_hold_at_most_the_limit_and_read_as_one(long limit, int shards)
    {
        CheckpointWriter.Write(scratch.PathOf(), Tensors, Parts, shardBytes: limit);
        string[] files = [.. Directory.GetFiles(scratch.PathOf()).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        string[] expected = shards == 1
            ? ["model.safetensors"]
            : [.. Enumerable.Range(1, shards).Select(i => $"model-{i:D5}-of-{shards:D5}.safetensors"), "model.safetensors.index.json"];
        Assert.Equal(expected, files);
        using CheckpointFiles checkpoint = CheckpointFiles.Open(scratch.PathOf());
        Assert.Equal(Tensors.Select(t => t.Name), checkpoint.Tensors.Select(t => t.Name));
        foreach (TensorSpec tensor in Tensors)
        {
            float[] wanted = new float[10], found = new float[10];
            WriterTests.Fill(tensor.Name, wanted);
            checkpoint.ReadF32(tensor.Name, found);
            Assert.Equal(wanted, found);
        }
    }

    [Fact]
    public void The_index_states_the_total_size()
    {
        CheckpointWriter.Write(scratch.PathOf(), Tensors, Parts, StorageType.BF16, shardBytes: 40);
        Assert.Contains("\"total_size\": 100", File.ReadAllText(IndexPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        WriteThree();
        File.Delete(scratch.PathOf("model-00002-of-00003.safetensors"));
        string message = Assert.Throws<FileNotFoundException>(Open).Message;
        Assert.Contains("expected the shard model-00002-of-00003.safetensors", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_shard_is_named()
    {
        WriteThree();
        string shard = scratch.PathOf("model-00002-of-00003.safetensors");
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^4]);
        string message = Assert.Throws<InvalidDataException>(Open).Message;
        Assert.Contains("model-00002-of-00003.safetensors: tensor 'tttt'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"t":"../model.safetensors"}}""", "expected a plain file name in the same folder")]
    [InlineData("""{"weight_map":{"t":"/etc/passwd"}}""", "expected a plain file name in the same folder")]
    [InlineData("""{"weight_map":{"t":7}}""", "expected a plain file name in the same folder, found 7")]
    [InlineData("""{"weight_map":{"t":"a","t":"b"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"\ud800":"a"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"t":"\ud800"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":[]}""", "expected an object with an object 'weight_map'")]
    [InlineData("""[]""", "expected an object with an object 'weight_map'")]
    [InlineData("""{""", "not valid JSON")]
    public void A_wrong_index_is_refused(string index, string fragment)
    {
        WriteThree();
        File.WriteAllText(IndexPath, index);
        string message = Assert.Throws<InvalidDataException>(Open).Message;
        Assert.Contains("model.safetensors.index.json", message, StringComparison.Ordinal);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_disagrees_with_its_shards_is_refused()
    {
        WriteThree();
        string index = File.ReadAllText(IndexPath);
        File.WriteAllText(IndexPath, index.Replace("\"tttt\": \"model-00002", "\"tttt\": \"model-00001", StringComparison.Ordinal));
        Assert.Contains(
            "tensor 'tttt': expected it in model-00001-of-00003.safetensors, found it in model-00002-of-00003.safetensors",
            Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
        File.WriteAllText(IndexPath, index.Replace("\"tttt\"", "\"other\"", StringComparison.Ordinal));
        Assert.Contains(
            "tensor 'other': expected it in model-00002", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_the_index_leaves_out_is_refused()
    {
        WriteThree();
        string index = File.ReadAllText(IndexPath);
        File.WriteAllText(IndexPath, index.Replace("\"tttt\": \"model-00002-of-00003.safetensors\",", "", StringComparison.Ordinal));
        Assert.Contains("found none of tttt", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_in_two_shards_is_refused()
    {
        SafetensorsWriter.Write(scratch.PathOf("a.safetensors"), Tensors[..2], WriterTests.Fill);
        SafetensorsWriter.Write(scratch.PathOf("b.safetensors"), Tensors[1..3], WriterTests.Fill);
        File.WriteAllText(IndexPath, """{"weight_map":{"t":"a.safetensors","tt":"a.safetensors","ttt":"b.safetensors"}}""");
        Assert.Contains(
            "tensor 'tt': expected it in one file", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_holds()
    {
        File.WriteAllText(scratch.PathOf("pytorch_model.bin"), "");
        string message = Assert.Throws<FileNotFoundException>(Open).Message;
        Assert.Contains("found pytorch_model.bin", message, StringComparison.Ordinal);
    }

    private string IndexPath => scratch.PathOf("model.safetensors.index.json");

    private static FillPart Parts => SafetensorsWriter.InParts(Tensors, WriterTests.Fill);

    private void WriteThree() => CheckpointWriter.Write(scratch.PathOf(), Tensors, Parts, shardBytes: 80);

    private void Open() => CheckpointFiles.Open(scratch.PathOf()).Dispose();
}
