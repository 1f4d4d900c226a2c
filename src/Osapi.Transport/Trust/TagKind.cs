namespace Osapi.Transport.Trust;

/// <summary>The kinds of an envelope's tags. The numbers are written.</summary>
internal enum TagKind : byte
{
    /// <summary>A tag under the controllers' own key.</summary>
    Controllers = 1,

    /// <summary>A tag of the controllers under the key of one host.</summary>
    ToHost = 2,

    /// <summary>A tag of a host.</summary>
    FromHost = 3,

    /// <summary>A signature of the controllers.</summary>
    Signature = 4,

    /// <summary>A tag of the controllers for one of the hosts for which the key of the body is wrapped.</summary>
    OfWrap = 5,
}
