using System.IO.Hashing;
using Goodhart.Text.Parquet.Metadata;

namespace Goodhart.Text.Parquet.Pages;

/// <summary>Reads the pages of one column chunk one at a time, so that memory holds a page and a dictionary.</summary>
internal sealed class ChunkReader(Stream stream, ColumnChunk chunk, ParquetScalar scalar, Place place)
{
    private const int FirstLook = 4096;
    private readonly PageDecoder decoder = new(scalar, chunk.Codec);
    private readonly long end = chunk.Start + chunk.CompressedSize;
    private long at = chunk.Start;
    private long valuesLeft = chunk.Values;
    private int number = -1;

    /// <summary>Where the reader is, for messages.</summary>
    public Place Here => place with { Page = Math.Max(number, 0), Offset = at };

    /// <summary>The next data page, or null behind the last one.</summary>
    public DecodedPage? Next()
    {
        while (valuesLeft > 0)
        {
            number++;
            Place here = Here;
            try
            {
                if (ReadPage() is { Count: > 0 } page)
                {
                    return page;
                }
            }
            catch (NotSupportedException problem)
            {
                throw here.NotRead(problem.Message);
            }
            catch (Exception problem) when (problem is InvalidDataException or EndOfThriftException or IOException)
            {
                throw here.Refuse(problem.Message, problem);
            }
        }

        return null;
    }

    private DecodedPage? ReadPage()
    {
        PageHeader header = ReadHeader();
        long room = Math.Min(end - at, ParquetLimits.Page);
        if (header.Size is < 0 or > ParquetLimits.Page || header.CompressedSize < 0 || header.CompressedSize > room)
        {
            throw new InvalidDataException(
                $"a page of {header.Size} bytes in {header.CompressedSize}; {end - at} are left, {ParquetLimits.Page} are allowed");
        }

        byte[] stored = Footer.ReadAt(stream, at, header.CompressedSize);
        at += header.CompressedSize;
        if (header.Crc is { } crc && (uint)crc != Crc32.HashToUInt32(stored))
        {
            throw new InvalidDataException("the page's checksum does not match: the file is damaged");
        }

        if (header.Kind is not (PageHeader.Data or PageHeader.DataV2 or PageHeader.Dictionary))
        {
            // Index pages and kinds yet unknown hold no values.
            return null;
        }

        bool isData = header.Kind is not PageHeader.Dictionary;
        if (header.Values < 0 || header.Values > (isData ? Math.Min(valuesLeft, ParquetLimits.PageValues) : ParquetLimits.PageValues))
        {
            throw new InvalidDataException(
                $"a page of {header.Values} values; {valuesLeft} are left in the column chunk, {ParquetLimits.PageValues} are allowed");
        }

        if (!isData)
        {
            decoder.ReadDictionary(header, stored);
            return null;
        }

        valuesLeft -= header.Values;
        return header.Kind is PageHeader.Data ? decoder.ReadData(header, stored) : decoder.ReadDataV2(header, stored);
    }

    /// <summary>A header does not say how long it is: look at some bytes, and at more where they end inside it.</summary>
    private PageHeader ReadHeader()
    {
        for (long look = FirstLook; ; look *= 8)
        {
            int size = (int)Math.Min(Math.Min(look, ParquetLimits.PageHeader), end - at);
            if (size <= 0)
            {
                throw new InvalidDataException($"the column chunk ends with {valuesLeft} values missing");
            }

            try
            {
                ThriftReader thrift = new(Footer.ReadAt(stream, at, size));
                PageHeader header = PageHeader.Read(ref thrift);
                at += thrift.Position;
                return header;
            }
            catch (EndOfThriftException) when (size == look)
            {
                // Cut off by the look, not by the chunk.
            }
        }
    }
}
