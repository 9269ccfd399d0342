//! Tags of data elements, by the keywords of the standard (PS3.6 chapter 6, PS3.7 annex E).

/// Group and element number.
pub(super) type Tag = (u16, u16);

pub(super) const MEDIA_STORAGE_SOP_CLASS_UID: Tag = (0x0002, 0x0002);
pub(super) const TRANSFER_SYNTAX_UID: Tag = (0x0002, 0x0010);

pub(super) const SPECIFIC_CHARACTER_SET: Tag = (0x0008, 0x0005);
pub(super) const IMAGE_TYPE: Tag = (0x0008, 0x0008);
pub(super) const SOP_CLASS_UID: Tag = (0x0008, 0x0016);
pub(super) const SOP_INSTANCE_UID: Tag = (0x0008, 0x0018);
pub(super) const STUDY_DATE: Tag = (0x0008, 0x0020);
pub(super) const STUDY_TIME: Tag = (0x0008, 0x0030);
pub(super) const ACQUISITION_TIME: Tag = (0x0008, 0x0032);
pub(super) const CONTENT_TIME: Tag = (0x0008, 0x0033);
pub(super) const ACCESSION_NUMBER: Tag = (0x0008, 0x0050);
pub(super) const MODALITY: Tag = (0x0008, 0x0060);
pub(super) const REFERRING_PHYSICIANS_NAME: Tag = (0x0008, 0x0090);
pub(super) const STUDY_DESCRIPTION: Tag = (0x0008, 0x1030);
pub(super) const SERIES_DESCRIPTION: Tag = (0x0008, 0x103E);

pub(super) const PATIENTS_NAME: Tag = (0x0010, 0x0010);
pub(super) const PATIENT_ID: Tag = (0x0010, 0x0020);
pub(super) const PATIENTS_BIRTH_DATE: Tag = (0x0010, 0x0030);
pub(super) const PATIENTS_SEX: Tag = (0x0010, 0x0040);

pub(super) const SLICE_THICKNESS: Tag = (0x0018, 0x0050);
pub(super) const ECHO_TIME: Tag = (0x0018, 0x0081);
pub(super) const INVERSION_TIME: Tag = (0x0018, 0x0082);
pub(super) const ECHO_NUMBERS: Tag = (0x0018, 0x0086);
pub(super) const SPACING_BETWEEN_SLICES: Tag = (0x0018, 0x0088);
pub(super) const TRIGGER_TIME: Tag = (0x0018, 0x1060);
pub(super) const IMAGER_PIXEL_SPACING: Tag = (0x0018, 0x1164);
pub(super) const FLIP_ANGLE: Tag = (0x0018, 0x1314);
pub(super) const NOMINAL_SCANNED_PIXEL_SPACING: Tag = (0x0018, 0x2010);
pub(super) const SEQUENCE_OF_ULTRASOUND_REGIONS: Tag = (0x0018, 0x6011);
pub(super) const REGION_SPATIAL_FORMAT: Tag = (0x0018, 0x6012);
pub(super) const PHYSICAL_UNITS_X_DIRECTION: Tag = (0x0018, 0x6024);
pub(super) const PHYSICAL_UNITS_Y_DIRECTION: Tag = (0x0018, 0x6026);
pub(super) const PHYSICAL_DELTA_X: Tag = (0x0018, 0x602C);
pub(super) const PHYSICAL_DELTA_Y: Tag = (0x0018, 0x602E);
pub(super) const EFFECTIVE_ECHO_TIME: Tag = (0x0018, 0x9082);
pub(super) const DIFFUSION_B_VALUE: Tag = (0x0018, 0x9087);
pub(super) const DIFFUSION_GRADIENT_ORIENTATION: Tag = (0x0018, 0x9089);

pub(super) const STUDY_INSTANCE_UID: Tag = (0x0020, 0x000D);
pub(super) const SERIES_INSTANCE_UID: Tag = (0x0020, 0x000E);
pub(super) const STUDY_ID: Tag = (0x0020, 0x0010);
pub(super) const SERIES_NUMBER: Tag = (0x0020, 0x0011);
pub(super) const ACQUISITION_NUMBER: Tag = (0x0020, 0x0012);
pub(super) const INSTANCE_NUMBER: Tag = (0x0020, 0x0013);
pub(super) const IMAGE_POSITION_PATIENT: Tag = (0x0020, 0x0032);
pub(super) const IMAGE_ORIENTATION_PATIENT: Tag = (0x0020, 0x0037);
pub(super) const FRAME_OF_REFERENCE_UID: Tag = (0x0020, 0x0052);
pub(super) const TEMPORAL_POSITION_IDENTIFIER: Tag = (0x0020, 0x0100);
pub(super) const IN_STACK_POSITION_NUMBER: Tag = (0x0020, 0x9057);
pub(super) const FRAME_CONTENT_SEQUENCE: Tag = (0x0020, 0x9111);
pub(super) const PLANE_POSITION_SEQUENCE: Tag = (0x0020, 0x9113);
pub(super) const PLANE_ORIENTATION_SEQUENCE: Tag = (0x0020, 0x9116);
pub(super) const TEMPORAL_POSITION_INDEX: Tag = (0x0020, 0x9128);
pub(super) const NOMINAL_CARDIAC_TRIGGER_DELAY_TIME: Tag = (0x0020, 0x9153);
pub(super) const DIMENSION_INDEX_VALUES: Tag = (0x0020, 0x9157);
pub(super) const DIMENSION_INDEX_POINTER: Tag = (0x0020, 0x9165);
pub(super) const DIMENSION_INDEX_SEQUENCE: Tag = (0x0020, 0x9222);
pub(super) const DIMENSION_ORGANIZATION_TYPE: Tag = (0x0020, 0x9311);

pub(super) const SAMPLES_PER_PIXEL: Tag = (0x0028, 0x0002);
pub(super) const PHOTOMETRIC_INTERPRETATION: Tag = (0x0028, 0x0004);
pub(super) const PLANAR_CONFIGURATION: Tag = (0x0028, 0x0006);
pub(super) const NUMBER_OF_FRAMES: Tag = (0x0028, 0x0008);
pub(super) const ROWS: Tag = (0x0028, 0x0010);
pub(super) const COLUMNS: Tag = (0x0028, 0x0011);
pub(super) const PIXEL_SPACING: Tag = (0x0028, 0x0030);
pub(super) const BITS_ALLOCATED: Tag = (0x0028, 0x0100);
pub(super) const BITS_STORED: Tag = (0x0028, 0x0101);
pub(super) const HIGH_BIT: Tag = (0x0028, 0x0102);
pub(super) const PIXEL_REPRESENTATION: Tag = (0x0028, 0x0103);
pub(super) const PIXEL_PADDING_VALUE: Tag = (0x0028, 0x0120);
pub(super) const PIXEL_PADDING_RANGE_LIMIT: Tag = (0x0028, 0x0121);
pub(super) const WINDOW_CENTER: Tag = (0x0028, 0x1050);
pub(super) const WINDOW_WIDTH: Tag = (0x0028, 0x1051);
pub(super) const RESCALE_INTERCEPT: Tag = (0x0028, 0x1052);
pub(super) const RESCALE_SLOPE: Tag = (0x0028, 0x1053);
pub(super) const RESCALE_TYPE: Tag = (0x0028, 0x1054);
pub(super) const RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR: Tag = (0x0028, 0x1101);
pub(super) const GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR: Tag = (0x0028, 0x1102);
pub(super) const BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR: Tag = (0x0028, 0x1103);
pub(super) const RED_PALETTE_COLOR_LOOKUP_TABLE_DATA: Tag = (0x0028, 0x1201);
pub(super) const GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA: Tag = (0x0028, 0x1202);
pub(super) const BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA: Tag = (0x0028, 0x1203);
pub(super) const SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA: Tag = (0x0028, 0x1221);
pub(super) const MODALITY_LUT_SEQUENCE: Tag = (0x0028, 0x3000);
pub(super) const LUT_DESCRIPTOR: Tag = (0x0028, 0x3002);
pub(super) const MODALITY_LUT_TYPE: Tag = (0x0028, 0x3004);
pub(super) const LUT_DATA: Tag = (0x0028, 0x3006);
pub(super) const PIXEL_MEASURES_SEQUENCE: Tag = (0x0028, 0x9110);
pub(super) const FRAME_VOI_LUT_SEQUENCE: Tag = (0x0028, 0x9132);
pub(super) const PIXEL_VALUE_TRANSFORMATION_SEQUENCE: Tag = (0x0028, 0x9145);

pub(super) const TOTAL_PIXEL_MATRIX_COLUMNS: Tag = (0x0048, 0x0006);
pub(super) const TOTAL_PIXEL_MATRIX_ROWS: Tag = (0x0048, 0x0007);
pub(super) const PLANE_POSITION_SLIDE_SEQUENCE: Tag = (0x0048, 0x021A);
pub(super) const COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX: Tag = (0x0048, 0x021E);
pub(super) const ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX: Tag = (0x0048, 0x021F);

pub(super) const DETECTOR_INFORMATION_SEQUENCE: Tag = (0x0054, 0x0022);
pub(super) const SLICE_VECTOR: Tag = (0x0054, 0x0080);
pub(super) const UNITS: Tag = (0x0054, 0x1001);
pub(super) const FRAME_REFERENCE_TIME: Tag = (0x0054, 0x1300);

pub(super) const DOSE_UNITS: Tag = (0x3004, 0x0002);
pub(super) const GRID_FRAME_OFFSET_VECTOR: Tag = (0x3004, 0x000C);
pub(super) const DOSE_GRID_SCALING: Tag = (0x3004, 0x000E);

pub(super) const SHARED_FUNCTIONAL_GROUPS_SEQUENCE: Tag = (0x5200, 0x9229);
pub(super) const PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE: Tag = (0x5200, 0x9230);

pub(super) const FLOAT_PIXEL_DATA: Tag = (0x7FE0, 0x0008);
pub(super) const DOUBLE_FLOAT_PIXEL_DATA: Tag = (0x7FE0, 0x0009);
pub(super) const PIXEL_DATA: Tag = (0x7FE0, 0x0010);

pub(super) const ITEM: Tag = (0xFFFE, 0xE000);
pub(super) const ITEM_DELIMITATION_ITEM: Tag = (0xFFFE, 0xE00D);
pub(super) const SEQUENCE_DELIMITATION_ITEM: Tag = (0xFFFE, 0xE0DD);
