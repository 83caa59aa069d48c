using System.Buffers.Binary;
using System.Numerics;
using Goodhart.Text.Parquet.Encodings;
using Goodhart.Text.Parquet.Metadata;

namespace Goodhart.Text.Parquet.Pages;

/// <summary>Decodes the pages of one column chunk, in order: the dictionary, if there is one, then data.</summary>
internal sealed class PageDecoder(ParquetScalar scalar, int codec)
{
    private readonly ValueDecoder decoder = ValueDecoder.For(scalar);
    private LeafValues? dictionary;

    public void ReadDictionary(PageHeader header, byte[] stored)
    {
        if (dictionary is not null)
        {
            throw new InvalidDataException("a second dictionary in one column chunk");
        }

        PageBytes bytes = new(PageDecompressor.Decompress(codec, stored, 0, header.Size));

        // PLAIN_DICTIONARY is the old name of PLAIN here.
        ParquetEncoding encoding = (ParquetEncoding)header.Encoding;
        dictionary = decoder.Decode(
            encoding is ParquetEncoding.PlainDictionary ? ParquetEncoding.Plain : encoding, ref bytes, header.Values);
    }

    /// <summary>Version 1: everything is compressed together, each kind of level behind its length.</summary>
    public DecodedPage ReadData(PageHeader header, byte[] stored)
    {
        PageBytes bytes = new(PageDecompressor.Decompress(codec, stored, 0, header.Size));
        int[] repetitions = Levels(ref bytes, header.Values, scalar.MaxRepetition, header.RepetitionEncoding);
        int[] definitions = Levels(ref bytes, header.Values, scalar.MaxDefinition, header.DefinitionEncoding);
        return Page(header, definitions, repetitions, ref bytes);
    }

    /// <summary>Version 2: levels first, uncompressed, their lengths in the header; then the values, perhaps compressed.</summary>
    public DecodedPage ReadDataV2(PageHeader header, byte[] stored)
    {
        long levels = (long)header.RepetitionBytes + header.DefinitionBytes;
        if (header.RepetitionBytes < 0 || header.DefinitionBytes < 0 || levels > stored.Length || levels > header.Size)
        {
            throw new InvalidDataException($"levels of {header.RepetitionBytes} and {header.DefinitionBytes} bytes in {stored.Length}");
        }

        PageBytes front = new(stored);
        int[] repetitions = Runs(front.Take(header.RepetitionBytes), header.Values, scalar.MaxRepetition);
        int[] definitions = Runs(front.Take(header.DefinitionBytes), header.Values, scalar.MaxDefinition);
        PageBytes bytes = new(
            PageDecompressor.Decompress(header.IsCompressed ? codec : 0, stored, (int)levels, header.Size - (int)levels));
        return Page(header, definitions, repetitions, ref bytes);
    }

    private static int[] Levels(ref PageBytes bytes, int count, int max, int encoding)
    {
        if (max == 0)
        {
            return [];
        }

        if ((ParquetEncoding)encoding is not ParquetEncoding.RunLength)
        {
            throw new NotSupportedException($"levels in encoding {(ParquetEncoding)encoding} are not read");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4));
        return Runs(bytes.Take(length), count, max);
    }

    private static int[] Runs(ReadOnlySpan<byte> bytes, int count, int max)
    {
        if (max == 0)
        {
            return [];
        }

        int[] levels = new int[count];
        RunLength.Decode(new(bytes), BitOperations.Log2((uint)max) + 1, max + 1, levels);
        return levels;
    }

    private DecodedPage Page(PageHeader header, int[] definitions, int[] repetitions, ref PageBytes bytes)
    {
        int present = scalar.MaxDefinition == 0 ? header.Values : definitions.AsSpan().Count(scalar.MaxDefinition);
        ParquetEncoding encoding = (ParquetEncoding)header.Encoding;
        LeafValues values = encoding is ParquetEncoding.PlainDictionary or ParquetEncoding.RunLengthDictionary
            ? ValueDecoder.DecodeIndices(
                dictionary ?? throw new InvalidDataException("a page refers to a dictionary that is not there"), ref bytes, present)
            : decoder.Decode(encoding, ref bytes, present);
        return new(header.Values, definitions, repetitions, values);
    }
}
